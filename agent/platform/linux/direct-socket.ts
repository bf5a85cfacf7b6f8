import { writeSync } from 'node:fs'
import { Socket } from 'node:net'

/** More than comes with a frame; what is longer comes in several reads. */
const READ_BYTES = 64 * 1024

/**
 * Begins to connect to the local socket at `path`; tells of it, and of failing, as every socket does. What is read is handed on in the call that read it, and what
 * is written leaves in the call that writes it as far as the other end takes it, without a stream's queues: with an X server, which tells and is asked for each
 * frame, those are a sixth of what a small change costs this process.
 */
export function connectDirectly(path: string): Socket {
  const socket: Socket = new Socket({
    onread: {
      buffer: Buffer.allocUnsafeSlow(READ_BYTES),
      // A copy: the next read comes to the same place.
      callback: (length, bytes) => {
        socket.emit('data', Buffer.from(bytes.subarray(0, length)))
        return true
      },
    },
  })
  socket.connect({ path })
  const queue: (...data: unknown[]) => boolean = socket.write.bind(socket) as never
  socket.write = (data: Uint8Array | string, ...rest: unknown[]) => {
    const length = typeof data === 'string' ? 0 : writeNow(socket, data)
    if (length < data.length) return queue(data.slice(length), ...rest)
    const handleWritten = rest.at(-1)
    if (typeof handleWritten === 'function') handleWritten()
    return true
  }
  return socket
}

/** Answers how many bytes left. */
function writeNow(socket: Socket, bytes: Uint8Array): number {
  const { _handle: handle } = socket as unknown as { readonly _handle: { readonly fd?: number } | null }
  if (handle?.fd === undefined || socket.connecting || socket.writableEnded || socket.writableLength > 0) return 0
  try {
    return writeSync(handle.fd, bytes)
  } catch {
    // It takes nothing now, or never again: the stream waits for it, and says what is wrong.
    return 0
  }
}
