import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'

const TIMEOUT_MS = 10_000
const DEFAULT_PORT = { 'tcp:': 514, 'tls:': 6514 } as const
const FACILITY_LOG_AUDIT = 13
const SEVERITY = { warning: 4, notice: 5 } as const

export interface SyslogMessage {
  readonly severity: keyof typeof SEVERITY
  readonly atMs: number
  readonly host: string
  /** What kind of message it is, for whoever sorts them. */
  readonly kind: string
  readonly text: string
}

/** One message of RFC 5424 with its length in front (RFC 6587, RFC 5425). */
export function syslogFrame({ severity, atMs, host, kind, text }: SyslogMessage): string {
  const priority = FACILITY_LOG_AUDIT * 8 + SEVERITY[severity]
  const head = [`<${priority}>1`, new Date(atMs).toISOString(), name(host, 255), 'handhold-relay', '-', name(kind, 32)]
  const message = [...head, '-', text].join(' ')
  return `${Buffer.byteLength(message)} ${message}`
}

/** What RFC 5424 lets a name be: visible ASCII of some length, or a dash. */
const name = (text: string, maxLength: number) => text.replace(/[^\x21-\x7e]/g, '').slice(0, maxLength) || '-'

/**
 * Sends frames over TCP or TLS (`tcp://`, `tls://`); UDP would cut what is long. Syslog acknowledges nothing, so each call has a connection of its own that this side
 * ends: that the other side then ends it too is its word that it has read everything. Rejects where it doesn't; the frames may have arrived all the same.
 */
export async function sendSyslog(url: URL, frames: readonly string[]): Promise<void> {
  const socket = await open(url)
  const ended = once(socket, 'end')
  try {
    socket.end(frames.join(''))
    socket.resume()
    await ended
  } finally {
    socket.destroy()
  }
}

async function open({ protocol, hostname: host, port }: URL): Promise<Socket> {
  const isTls = protocol === 'tls:'
  const address = { host: host.replace(/^\[|\]$/g, ''), port: Number(port) || DEFAULT_PORT[isTls ? 'tls:' : 'tcp:'] }
  // Half open: the data must be read to its end before this side is closed too.
  const socket: Socket = isTls ? connectTls(address) : connect({ ...address, allowHalfOpen: true })
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('The syslog server doesn’t answer.')))
  await once(socket, isTls ? 'secureConnect' : 'connect')
  return socket
}
