import { createRequire } from 'node:module'

const DIAL_TIMEOUT_MS = 3_000

export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

type Answer<T> = (error: Error | null | undefined, value: T) => true

export interface RandrExtension {
  /** What the server and the package agreed on. */
  readonly major_version: number
  readonly minor_version: number
  readonly majorOpcode: number
  GetOutputPrimary(window: number, answer: Answer<number>): void
  GetScreenResourcesCurrent(window: number, answer: Answer<{ crtcs: number[]; config_timestamp: number }>): void
  GetCrtcInfo(crtc: number, timestamp: number, answer: Answer<Rectangle & { mode: number; output: number[] }>): void
}

export interface XInputExtension {
  readonly AllDevices: number
  readonly AllMasterDevices: number
  XIQueryVersion(major: number, minor: number, answer: Answer<unknown>): void
  XIQueryDevice(deviceId: number, answer: Answer<readonly { deviceId: number; name: string }[]>): void
  XISelectEvents(
    window: number,
    masks: readonly { readonly deviceId: number; readonly mask: readonly string[] }[],
  ): void
}

interface FixesExtension {
  CreateRegion(region: number, rectangles: readonly Rectangle[]): void
  SetWindowShapeRegion(window: number, kind: number, x: number, y: number, region: number): void
}

interface Extensions {
  readonly fixes: FixesExtension
  readonly randr: RandrExtension
  readonly xinput: XInputExtension
}

export interface XEvent {
  readonly name?: string
  /** The device that a raw event came from. */
  readonly sourceId?: number
  /** The key or button of a raw event. */
  readonly detail?: number
  /** Of an event of a device: ms by the server's clock, cut to 32 bits. */
  readonly time?: number
  readonly wid?: number
  readonly wid1?: number
  readonly state?: number
}

/** The part of the untyped `x11` package that is used here, as its sources of version 4.2.2 behave. */
export interface XClient {
  readonly stream: { destroy(): void; readonly destroyed: boolean; once(event: 'close', listener: () => void): void }
  on(event: 'event', listener: (event: XEvent) => void): void
  on(event: 'error', listener: (error: Error) => void): void
  require<Name extends keyof Extensions>(
    extension: Name,
    answer: (error: Error | null | undefined, extension: Extensions[Name]) => void,
  ): void
  InternAtom(onlyIfExists: boolean, name: string, answer: Answer<number>): void
  GetProperty(
    remove: 0,
    window: number,
    property: number,
    type: number,
    offset: number,
    length: number,
    answer: Answer<{ type: number; data: Buffer }>,
  ): void
  ChangeProperty(mode: 0, window: number, property: number, type: number, units: 32, data: readonly number[]): void
  GetGeometry(drawable: number, answer: Answer<{ width: number; height: number }>): void
  GetWindowAttributes(window: number, answer: Answer<{ mapState: number }>): void
  QueryPointer(window: number, answer: Answer<{ rootX: number; rootY: number }>): void
  QueryTree(window: number, answer: Answer<{ children: readonly number[] }>): void
  TranslateCoordinates(
    from: number,
    to: number,
    x: number,
    y: number,
    answer: Answer<{ destX: number; destY: number }>,
  ): void
  ChangeWindowAttributes(
    window: number,
    values: { eventMask?: number; backgroundPixel?: number; overrideRedirect?: 1 },
  ): void
  CreateWindow(
    window: number,
    parent: number,
    x: number,
    y: number,
    width: number,
    height: number,
    borderWidth: number,
    depth: number,
    windowClass: number,
    visual: number,
    values: { overrideRedirect: boolean; backgroundPixel: number },
  ): void
  MapWindow(window: number): void
  ReparentWindow(window: number, parent: number, x: number, y: number): void
  ClearArea(window: number, x: number, y: number, width: number, height: number, exposures: 0 | 1): void
  MoveResizeWindow(window: number, x: number, y: number, width: number, height: number): void
  RaiseWindow(window: number): void
  AllocID(): number
  SetInputFocus(window: number, revertTo: number): void
  GetInputFocus(answer: Answer<{ focus: number }>): void
  SendEvent(destination: number, propagate: 0, eventMask: number, event: object): void
  /** For requests that the package doesn't know. */
  seq_num: number
  readonly pack_stream: { put(request: Buffer): void; submit(expectsReply: boolean): void }
  readonly replies: Record<number, unknown>
}

export interface XConnection {
  readonly client: XClient
  readonly root: number
  /** Rejects with the server's error; the window or extension that was asked for may be gone. */
  ask<T>(question: (answer: Answer<T>) => void): Promise<T>
  atom(name: string): Promise<number>
  /** Rejects where the server doesn't have it. */
  extension<Name extends keyof Extensions>(name: Name): Promise<Extensions[Name]>
  /** The 32-bit values of a property; empty when there is none. */
  property(window: number, name: string): Promise<readonly number[]>
  /** Idempotent. */
  close(): void
}

interface X11Package {
  createClient(
    options: { display: string },
    ready: (error: Error | undefined, display: { client: XClient; screen: readonly { root: number }[] }) => void,
  ): XClient
}

/** Connects to the X server that shows our windows. */
export function connectX(display: string): Promise<XConnection> {
  // Loaded when it is needed: most machines that run this never need it, and a person waits while it loads.
  const x11 = createRequire(import.meta.url)('x11') as X11Package
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the X server does not answer')), DIAL_TIMEOUT_MS)
    const client = x11.createClient({ display }, (error, { client: ready, screen } = { client, screen: [] }) => {
      clearTimeout(timer)
      const root = screen[0]?.root
      if (error || root === undefined) reject(error ?? new Error('the X server has no screen'))
      else resolve(wrap(ready, root))
    })
    // Errors of requests that nobody asked about: a window that went away meanwhile.
    client.on('error', reject)
  })
}

function wrap(client: XClient, root: number): XConnection {
  const waiting = new Set<(error: Error) => void>()
  client.stream.once('close', () => {
    for (const reject of waiting) reject(new Error('the X connection is closed'))
  })
  const ask = <T>(question: (answer: Answer<T>) => void) =>
    new Promise<T>((resolve, reject) => {
      if (client.stream.destroyed) return reject(new Error('the X connection is closed'))
      waiting.add(reject)
      question((error, value) => {
        waiting.delete(reject)
        if (error) reject(error)
        else resolve(value)
        return true
      })
    })
  const atom = (name: string) => ask<number>(answer => client.InternAtom(false, name, answer))
  return {
    client,
    root,
    ask,
    atom,
    extension: name =>
      new Promise((resolve, reject) => {
        if (client.stream.destroyed) return reject(new Error('the X connection is closed'))
        waiting.add(reject)
        client.require(name, (error, extension) => {
          waiting.delete(reject)
          if (error) reject(error)
          else resolve(extension)
        })
      }),
    async property(window, name) {
      const property = await atom(name)
      const { data } = await ask<{ data: Buffer }>(answer =>
        client.GetProperty(0, window, property, 0, 0, 1024, answer),
      )
      return Array.from({ length: data.length >> 2 }, (_, index) => data.readUInt32LE(index * 4))
    },
    close: () => client.stream.destroy(),
  }
}
