import { existsSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'

const PATH = '/dev/log'

/** Stands where a system's log listens, on a machine that runs none: hears what its programs say to it. */
export class SystemLog {
  /** Whether there is room for it, and somebody to speak to it. */
  static readonly isPossible = process.getuid?.() === 0 && existsSync('/usr/bin/logger') && !existsSync(PATH)

  text = ''
  readonly #server: Server
  readonly #sockets = new Set<Socket>()

  private constructor() {
    this.#server = createServer(socket => {
      this.#sockets.add(socket)
      socket.setEncoding('utf8')
      socket.on('data', (said: string) => {
        this.text += said
      })
      // Who speaks may be ended meanwhile.
      socket.on('error', () => undefined)
    })
  }

  static async open(): Promise<SystemLog> {
    const log = new SystemLog()
    await new Promise<void>((resolve, reject) => {
      log.#server.once('error', reject)
      log.#server.listen(PATH, resolve)
    })
    return log
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise(resolve => this.#server.close(resolve))
  }
}
