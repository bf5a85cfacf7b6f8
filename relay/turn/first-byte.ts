import type { Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'

/** STUN's first two bits are 0, and so are the next four of each method that TURN has. TLS begins with 22, HTTP with a letter. */
const STUN_FIRST_BYTE_MAX = 3

export interface FirstByteOptions {
  /** From the connection to its first byte. */
  readonly timeoutMs: number
  readonly onTurn: (socket: Socket) => void
}

type Listener = (socket: Socket) => void

/**
 * One port for HTTP and TURN: looks at the first byte of each connection, before TLS and, where the server ends TLS itself, behind it, and gives the connection to
 * whom it is for. The returned function ends those that have said nothing yet.
 */
export function shareWithTurn(server: HttpServer, isTls: boolean, options: FirstByteOptions): () => void {
  const silent = new Set<Socket>()
  for (const event of isTls ? ['connection', 'secureConnection'] : ['connection']) {
    const listeners = server.listeners(event) as Listener[]
    server.removeAllListeners(event)
    server.on(event, (socket: Socket) => {
      silent.add(socket)
      const done = () => silent.delete(socket)
      readFirstByte(socket, options.timeoutMs, done, byte => {
        if (byte <= STUN_FIRST_BYTE_MAX) options.onTurn(socket)
        else for (const listener of listeners) listener.call(server, socket)
      })
    })
  }
  return () => {
    for (const socket of silent) socket.destroy()
  }
}

/** The byte stays in the stream for whoever takes it over. A connection that ends or says nothing goes. */
function readFirstByte(socket: Socket, timeoutMs: number, onDone: () => void, onByte: (byte: number) => void): void {
  const giveUp = () => socket.destroy()
  const timer = setTimeout(giveUp, timeoutMs)
  const stop = () => {
    clearTimeout(timer)
    socket.off('readable', look)
    socket.off('end', giveUp)
    socket.off('close', stop)
    onDone()
  }
  const look = () => {
    const chunk: Buffer | null = socket.read()
    if (!chunk) return
    stop()
    socket.unshift(chunk)
    onByte(chunk.readUInt8(0))
  }
  // Before anybody else listens, an error is nothing but the end.
  socket.on('error', () => undefined)
  socket.on('readable', look)
  socket.once('end', giveUp)
  socket.once('close', stop)
}
