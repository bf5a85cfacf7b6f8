import type { WebSocket } from 'ws'

/** A peer that doesn't answer the closing handshake within this is cut off. */
const CLOSE_WITHIN_MS = 1_000

/** Every socket of the relay, whoever it belongs to, and the work that its end leaves behind. */
export class OpenSockets {
  readonly #sockets = new Set<WebSocket>()
  readonly #settling = new Set<Promise<void>>()
  #isClosing = false

  get isClosing(): boolean {
    return this.#isClosing
  }

  add(socket: WebSocket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  /** Work that must be done before the database closes. It must not reject. */
  settle(work: Promise<void>): void {
    this.#settling.add(work)
    work.finally(() => this.#settling.delete(work))
  }

  /** Closes everything and waits for it and for what it leaves behind. */
  async close(code: number, reason: string): Promise<void> {
    this.#isClosing = true
    const closed = [...this.#sockets].map(socket => new Promise<void>(resolve => socket.once('close', () => resolve())))
    for (const socket of this.#sockets) {
      socket.resume()
      socket.close(code, reason)
    }
    const cutOff = setTimeout(() => {
      for (const socket of this.#sockets) socket.terminate()
    }, CLOSE_WITHIN_MS)
    await Promise.all(closed)
    clearTimeout(cutOff)
    await Promise.all(this.#settling)
  }
}
