/// <reference path="./x11-package.d.ts" />
import type { Answer, XClient, XDisplay, XEvent, XScreen } from 'x11'
import { PlatformError } from '../platform.ts'
import { dialDisplay } from './dial.ts'
import type { Extensions } from './extensions.ts'
import { PacketReader } from './packet-reader.ts'

/** Told about every X error that no caller waits for. Never throws. */
export type Reporter = (problem: Error) => void

const EXTENSION_NAMES: Readonly<Record<keyof Extensions, string>> = {
  damage: 'DAMAGE',
  fixes: 'XFIXES',
  xtest: 'XTEST',
  randr: 'RANDR',
  shm: 'MIT-SHM',
  dpms: 'DPMS',
  xinput: 'XInputExtension',
  composite: 'Composite',
}

/** Long enough for a server to read what is left in the socket; a hung server must not hold up the end of a session. */
const CLOSE_TIMEOUT_MS = 1000

const SOON = Promise.resolve()

/** One connection to an X server. After it is lost or closed, requests reject and commands do nothing. */
export class XConnection {
  readonly address: string
  readonly client: XClient
  readonly display: XDisplay
  readonly screen: XScreen
  /** Settles when the server went away by itself; never after `close`. */
  readonly lost: Promise<PlatformError>
  readonly #pending = new Set<(reason: PlatformError) => void>()
  readonly #lossListeners = new Set<(reason: PlatformError) => void>()
  readonly #report: Reporter
  readonly #packets: PacketReader
  #settleLost: (reason: PlatformError) => void = () => undefined
  #ended: PlatformError | undefined
  #closing: Promise<void> | undefined
  #descriptors: Promise<XConnection> | undefined

  constructor(address: string, display: XDisplay, screen: XScreen, report: Reporter) {
    this.address = address
    this.client = display.client
    this.display = display
    this.screen = screen
    this.#report = report
    this.lost = new Promise(resolve => {
      this.#settleLost = resolve
    })
    this.#packets = new PacketReader(this.client)
    // What is asked in one go leaves together, as with the package's immediate, which would have the event loop look at every socket once more for each frame.
    const { pack_stream } = this.client
    pack_stream._scheduleFlush = () => void SOON.then(() => pack_stream.flush())
    this.client.setMaxListeners(0)
    this.client.on('error', (error: Error & { error?: number }) => this.#handleError(error))
    this.client.on('end', () => this.#handleLoss())
    this.client.stream.on('close', () => this.#handleLoss())
  }

  /** @throws PlatformError as `dialDisplay` says. */
  static async open(address: string, report: Reporter, passesDescriptors = false): Promise<XConnection> {
    const { display, screen } = await dialDisplay(address, passesDescriptors)
    return new XConnection(address, display, screen, report)
  }

  /**
   * Another connection to the same server, which lives as long as this one and can pass file descriptors. Only for what needs that.
   * Rejects as `open` does.
   */
  descriptors(): Promise<XConnection> {
    if (this.#ended) return Promise.reject(this.#ended)
    this.#descriptors ??= XConnection.open(this.address, problem => this.report(problem), true)
    return this.#descriptors
  }

  /** A request with an answer. Rejects with the X error, or with a `PlatformError` when the connection ends first. */
  ask<T>(issue: (answer: Answer<T>) => void): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended)
    return new Promise((resolve, reject) => {
      this.#pending.add(reject)
      issue((error, value) => {
        this.#pending.delete(reject)
        if (error) reject(error)
        else resolve(value)
        return true
      })
    })
  }

  /** Requests without an answer; their errors go to the reporter. */
  tell(issue: (client: XClient) => void): void {
    if (!this.#ended) issue(this.client)
  }

  /** Resolves when the server has processed everything sent so far. */
  async sync(): Promise<void> {
    await this.ask(answer => this.client.GetInputFocus(answer))
  }

  /** @throws PlatformError `extension-missing` */
  extension<Name extends keyof Extensions>(name: Name): Promise<Extensions[Name]> {
    return this.ask<Extensions[Name]>(answer =>
      this.client.require(name, (error, extension) => answer(error, extension as Extensions[Name])),
    ).catch((cause: unknown) => {
      if (cause instanceof PlatformError) throw cause
      const title = EXTENSION_NAMES[name]
      throw new PlatformError(
        'extension-missing',
        `The X server at ${this.address} doesn't offer ${title}. Start it with that extension switched on (+extension ${title}).`,
        { cause },
      )
    })
  }

  onEvent(name: string, listener: (event: XEvent) => void): () => void {
    const handle = (event: XEvent) => {
      if (event.name === name) listener(event)
    }
    this.client.on('event', handle)
    return () => this.client.off('event', handle)
  }

  /** See `PacketReader`: `onEvent` hears of hardly any DamageNotify. */
  onDamage(code: number, damage: number, listener: () => void): () => void {
    return this.#packets.onDamage(code, damage, listener)
  }

  /** What was asked in this turn leaves now, in one write, and not a moment later. */
  flush(): void {
    if (!this.#ended) this.client.pack_stream.flush()
  }

  /** Like `lost`, for listeners that come and go. */
  onLost(listener: (reason: PlatformError) => void): () => void {
    this.#lossListeners.add(listener)
    return () => this.#lossListeners.delete(listener)
  }

  report(problem: unknown): void {
    if (!this.#ended) this.#report(problem instanceof Error ? problem : new Error(String(problem)))
  }

  /** Idempotent. Sends what is still buffered, then hangs up. */
  close(): Promise<void> {
    this.#closing ??= this.#hangUp()
    return this.#closing
  }

  async #hangUp(): Promise<void> {
    if (this.#ended) return
    this.#end(new PlatformError('display-lost', `The connection to ${this.address} was closed.`))
    const { stream } = this.client
    const closed = new Promise<void>(resolve => stream.once('close', () => resolve()))
    const timer = setTimeout(() => stream.destroy(), CLOSE_TIMEOUT_MS)
    this.client.terminate()
    await closed
    clearTimeout(timer)
  }

  #handleError(error: Error & { error?: number }): void {
    if (error.error === undefined) this.#handleLoss(error)
    else this.report(error)
  }

  #handleLoss(cause?: Error): void {
    if (this.#ended) return
    const reason = new PlatformError(
      'display-lost',
      `The X server at ${this.address} closed the connection. The desktop was probably logged out or restarted; connect again.`,
      { cause },
    )
    this.#end(reason)
    this.client.stream.destroy()
    for (const listener of [...this.#lossListeners]) listener(reason)
    this.#settleLost(reason)
  }

  #end(reason: PlatformError): void {
    this.#ended = reason
    for (const reject of this.#pending) reject(reason)
    this.#pending.clear()
    this.#descriptors?.then(
      connection => connection.close(),
      () => undefined,
    )
  }
}
