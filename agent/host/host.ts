import type { Socket } from 'node:net'
import { assertNever } from '#protocol/assert-never.ts'
import type { Company } from '#protocol/peer/company.ts'
import { IcePaths } from '#protocol/peer/ice-paths.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { Clock } from '../links/clock.ts'
import { type DesktopTarget, type HostToService, NO_KEEP_OUT, type ServiceToHost } from '../links/host-link.ts'
import type { Desktop, DesktopOptions, Platform, PlatformErrorCode } from '../platform/platform.ts'
import { DesktopHolder } from './desktop-holder.ts'
import { SessionViews } from './session-views.ts'

export interface HostOptions {
  readonly selectPlatform: (name: DesktopTarget['platform']) => Platform
  readonly clock: Clock
  readonly send: (message: HostToService) => void
  /** Something of the picture went out, or may have changed. Called for every frame. */
  readonly onActivity?: () => void
  /** All is there for a session that hasn't begun. */
  readonly onPrepared?: () => void
  /** Everything is closed and nothing more will be sent: the process may go. */
  readonly onDone: () => void
}

/** What one host process does in its life: one session. */
export class Host {
  readonly #options: HostOptions
  #holder: DesktopHolder | undefined
  #desktop: Desktop | undefined
  #unavailable: { readonly message: string; readonly code: PlatformErrorCode | undefined } | undefined
  #session: SessionViews | undefined
  readonly #paths = new IcePaths()
  #closing: Promise<void> | undefined
  /** The person may pause before the operator is there. */
  #isPaused = false
  #keepOut = NO_KEEP_OUT
  #company: Company | undefined

  constructor(options: HostOptions) {
    this.#options = options
  }

  /** `socket` comes with `helper` and is this host's from then on. */
  handle(message: ServiceToHost, socket?: Socket): void {
    if (this.#closing) return
    switch (message.type) {
      case 'prepare':
        this.#prepare(message.target)
        break
      case 'start':
        this.#start(message)
        break
      case 'signal':
        this.#session?.handleSignal(message.signal)
        break
      case 'set-paths':
        this.#paths.set(message.relayUrl, message.paths)
        break
      case 'trust-peer':
        this.#session?.trustPeer()
        break
      case 'set-paused':
        return void this.#setPaused(message.paused)
      case 'set-frozen':
        return void this.#session?.setFrozen(message.frozen)
      case 'set-asking':
        return void this.#session?.setAsking(message.asking)
      case 'set-company':
        this.#company = message.people
        return void this.#session?.setCompany(message.people)
      case 'set-scopes':
        this.#session?.setScopes(message.scopes)
        break
      case 'set-keep-out':
        this.#keepOut = message.keepOut
        this.#session?.setKeepOut(message.keepOut)
        break
      case 'chat':
        this.#session?.sendChat(message.chat)
        break
      case 'helper':
        if (socket && this.#session) this.#session.tools.takeHelper(message.level, socket)
        else socket?.destroy()
        break
      case 'helper-gone':
        this.#session?.tools.dropHelper(message.level)
        break
      case 'tool-refused':
        this.#session?.tools.refused(message.tool, message.code, message.message)
        break
      case 'stop':
        return void this.close(message.reason)
      default:
        assertNever(message)
    }
  }

  /** Ends the session, lifts all input, closes the desktop. Idempotent. */
  close(reason: EndReason): Promise<void> {
    this.#closing ??= this.#close(reason)
    return this.#closing
  }

  #prepare(target: DesktopTarget): void {
    if (this.#holder) return
    this.#holder = new DesktopHolder({
      platform: this.#options.selectPlatform(target.platform),
      options: desktopOptions(target),
      clock: this.#options.clock,
      onOpened: desktop => {
        this.#desktop = desktop
        this.#unavailable = undefined
        this.#session?.attachDesktop(desktop)
      },
      onUnavailable: (message, code) => {
        this.#desktop = undefined
        if (message !== this.#unavailable?.message) this.#log('warn', message)
        this.#unavailable = { message, code }
        this.#session?.desktopLost(message, code)
      },
    })
    void this.#holder.open().then(() => {
      this.#options.send({ type: 'ready' })
      if (!this.#session && !this.#closing) this.#options.onPrepared?.()
    })
  }

  async #setPaused(paused: boolean): Promise<void> {
    this.#isPaused = paused
    await this.#session?.setPaused(paused)
    this.#options.send({ type: 'paused-is', paused })
  }

  #start({ scopes, mayReturn = false }: Extract<ServiceToHost, { type: 'start' }>): void {
    if (this.#session) return
    const session = new SessionViews({
      scopes,
      mayReturn,
      paths: this.#paths,
      clock: this.#options.clock,
      send: this.#options.send,
      onActivity: () => this.#options.onActivity?.(),
      onEnded: reason => {
        this.#options.send({ type: 'ended', reason })
        void this.close(reason)
      },
    })
    this.#session = session
    session.setKeepOut(this.#keepOut)
    if (this.#isPaused) void session.setPaused(true)
    if (this.#company) void session.setCompany(this.#company)
    if (this.#desktop) session.attachDesktop(this.#desktop)
    else if (this.#unavailable) session.desktopLost(this.#unavailable.message, this.#unavailable.code)
  }

  async #close(reason: EndReason): Promise<void> {
    await this.#session?.close(reason)
    await this.#holder?.close().catch(() => undefined)
    this.#options.onDone()
  }

  #log(level: 'info' | 'warn' | 'error', message: string): void {
    this.#options.send({ type: 'log', level, message: message.slice(0, 500) })
  }
}

const desktopOptions = ({ displayAddress, isCovered, blocksLocalInput }: DesktopTarget): DesktopOptions => ({
  ...(displayAddress !== null && { address: displayAddress }),
  ...(isCovered && { isCovered }),
  ...(blocksLocalInput && { blocksLocalInput }),
})
