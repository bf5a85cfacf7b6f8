import type { Socket } from 'node:net'
import type { z } from 'zod'

/** Longer than anything that is said here. */
const LINE_MAX_BYTES = 4_096

/** Reads JSON, one value a line. A line that is too long or isn't in the contract ends the socket. */
export function readLines<T>(socket: Socket, schema: z.ZodType<T>, onValue: (value: T) => void): void {
  let rest = ''
  socket.setEncoding('utf8')
  socket.on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const value = parse(line, schema)
      if (value === undefined) return void socket.destroy()
      onValue(value)
    }
    if (rest.length > LINE_MAX_BYTES) socket.destroy()
  })
  // The end of a socket says the same.
  socket.on('error', () => undefined)
}

function parse<T>(line: string, schema: z.ZodType<T>): T | undefined {
  if (line.length > LINE_MAX_BYTES) return undefined
  try {
    return schema.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}
