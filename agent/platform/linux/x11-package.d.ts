// The part of the untyped `x11` package that is used here, as its sources of version 4.2.2 behave.
declare module 'x11' {
  import type { EventEmitter } from 'node:events'
  import type { Socket } from 'node:net'

  /** Node-style answer; returning true says that an error was handled and isn't to be emitted again. */
  export type Answer<T> = (error: Error | null | undefined, value: T) => true

  export interface XEvent {
    readonly name?: string
    readonly type: number
    readonly [field: string]: unknown
  }

  export interface XRectangle {
    readonly x: number
    readonly y: number
    readonly width: number
    readonly height: number
  }

  export interface XClient extends EventEmitter {
    readonly stream: Socket
    readonly eventParsers: Record<number, (type: number, seq: number, ...rest: unknown[]) => XEvent>
    /** For requests that the package doesn't know: the number of the last request, what is to be written, and who takes apart each awaited reply. */
    seq_num: number
    readonly pack_stream: {
      put(request: Buffer): void
      submit(isReplyExpected: boolean): void
      flush(): void
      /** Has `flush` called soon. */
      _scheduleFlush(): void
      /** Takes what was read from the socket. */
      write(chunk: Buffer): void
      /** What is waited for, the next one first, and how much of it has come. */
      readonly _readQueue: readonly { readonly length: number; readonly received: number }[]
      /** Bytes that came and that nobody waited for. */
      readonly _length: number
    }
    readonly replies: Record<
      number,
      readonly [
        parse: ((this: XClient, reply: Buffer, detail: number) => unknown) | null,
        answer: Answer<never>,
        isOneOfSeveral?: boolean,
      ]
    >
    readonly pending_atoms: Readonly<Record<number, unknown>>
    /** The number of the last request without a reply whose end somebody waits for. */
    readonly _last_void_seq: number
    /** The full number of a packet's request; packets must be given in the order in which they came. */
    _widenSeq(low16Bits: number): number
    /** Calls back for requests without a reply up to this number. */
    _sweepVoid(sequence: number): void
    AllocID(): number
    ReleaseID(id: number): void
    require(extension: string, answer: (error: Error | null | undefined, extension: unknown) => void): void
    terminate(): void
    GetGeometry(drawable: number, answer: Answer<{ xPos: number; yPos: number; width: number; height: number }>): void
    QueryTree(window: number, answer: Answer<{ children: number[] }>): void
    GetWindowAttributes(window: number, answer: Answer<{ mapState: number }>): void
    InternAtom(onlyIfExists: boolean, name: string, answer: Answer<number>): void
    GetProperty(
      remove: 0,
      window: number,
      property: number,
      type: number,
      offset: number,
      length: number,
      answer: Answer<{ data: Buffer }>,
    ): void
    FreePixmap(id: number): void
    FreeGC(id: number): void
    ChangeProperty(mode: 0, window: number, property: number, type: number, units: 32, data: Buffer): void
    GetInputFocus(answer: Answer<unknown>): void
    QueryPointer(window: number, answer: Answer<{ rootX: number; rootY: number; keyMask: number }>): void
    QueryKeymap(answer: Answer<Buffer>): void
    GetImage(
      format: number,
      drawable: number,
      x: number,
      y: number,
      width: number,
      height: number,
      planeMask: number,
      answer: Answer<{ depth: number; data: Buffer }>,
    ): void
    GetKeyboardMapping(firstKeycode: number, count: number, answer: Answer<number[][]>): void
    ChangeKeyboardMapping(firstKeycode: number, keysymsPerKeycode: number, keysyms: readonly number[]): void
    GetModifierMapping(answer: Answer<number[][]>): void
    CreateWindow(
      id: number,
      parent: number,
      x: number,
      y: number,
      width: number,
      height: number,
      borderWidth: number,
      depth: number,
      windowClass: number,
      visual: number,
      values: Record<string, number | boolean>,
    ): void
    MapWindow(id: number): void
    LowerWindow(id: number): void
    DestroyWindow(id: number): void
    SetInputFocus(window: number, revertTo: number): void
    CreateGC(id: number, drawable: number, values: Record<string, number>): void
    ChangeGC(id: number, values: Record<string, number>): void
    PolyFillRectangle(drawable: number, gc: number, rectangles: readonly number[]): void
    CopyArea(
      source: number,
      target: number,
      gc: number,
      sourceX: number,
      sourceY: number,
      targetX: number,
      targetY: number,
      width: number,
      height: number,
    ): void
    CreatePixmap(id: number, drawable: number, depth: number, width: number, height: number): void
    CreateCursor(
      id: number,
      source: number,
      mask: number,
      foreground: { R: number; G: number; B: number },
      background: { R: number; G: number; B: number },
      x: number,
      y: number,
    ): void
    ChangeWindowAttributes(window: number, values: Record<string, number>): void
  }

  export interface XVisual {
    readonly class: number
    readonly red_mask: number
    readonly green_mask: number
    readonly blue_mask: number
  }

  export interface XScreen {
    readonly root: number
    readonly root_depth: number
    readonly root_visual: number
    readonly depths: Record<number, Record<number, XVisual>>
  }

  export interface XDisplay {
    readonly client: XClient
    readonly screen: readonly XScreen[]
    readonly min_keycode: number
    readonly max_keycode: number
    readonly image_byte_order: number
    readonly format: Record<number, { bits_per_pixel: number; scanline_pad: number }>
  }

  export interface ClientOptions {
    readonly display: string
    readonly bufferRequests?: { readonly flushOnReply: boolean }
    readonly shm?: boolean
    /** In the place of a connection of the package's own. */
    readonly stream?: Socket
    /** Here and undefined: the cookie of the file that XAUTHORITY names, as without a stream. */
    readonly auth?: undefined
  }

  const x11: {
    createClient(options: ClientOptions, ready: (error: Error | undefined, display: XDisplay) => void): XClient
    readonly keySyms: Readonly<Record<string, { code: number; description: string | null }>>
  }
  export default x11
}
