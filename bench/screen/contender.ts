import type { Page } from 'playwright'
import type { ProcessGroup } from './usage.ts'

/** One product with a live session: a device's display, a viewer's page that shows it, and the processes between. */
export interface Contender {
  /** X display of the device. */
  readonly display: string
  readonly page: Page
  /** CSS of the picture in the page. */
  readonly picture: string
  /** From the yes (or, where nobody asks, from the connect) to the first picture. */
  readonly firstFrameMs: number
  readonly groups: Groups
  /** Bytes of the device's picture that have arrived at the viewer, of everything that its connection carried. */
  receivedBytes(): Promise<number>
  stop(): Promise<void>
}

/** By what they do. Peers have one program on the device; it counts as the host. */
export interface Groups {
  readonly host: ProcessGroup
  readonly service?: ProcessGroup
  readonly consent?: ProcessGroup
  readonly xServer: ProcessGroup
  readonly viewer: ProcessGroup
  /** Relay, server or bridge. */
  readonly relay: ProcessGroup
}

export const DEVICE_SIZE = { width: 1920, height: 1080 }

/** Undoes what was done so far, newest first; each part even where another fails. */
export class Closers {
  readonly #parts: Array<() => Promise<unknown>> = []

  add<T extends { stop(): Promise<unknown> }>(part: T): T {
    this.#parts.push(() => part.stop())
    return part
  }

  async stop(): Promise<void> {
    for (const stop of this.#parts.splice(0).reverse())
      await stop().catch((thrown: unknown) => console.error(`bench: ${(thrown as Error).message}`))
  }
}
