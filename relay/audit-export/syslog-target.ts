import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { connect as connectTls } from 'node:tls'
import type { AuditTarget } from '../domain/operating/audit-export.ts'
import { syslogFrame } from './lines.ts'

const TIMEOUT_MS = 10_000
const DEFAULT_PORT = { 'tcp:': 514, 'tls:': 6514 } as const

/**
 * RFC 5424 over TCP or TLS. Syslog acknowledges nothing, so each part has a connection of its own that this side ends: that the other side then ends it too
 * is its word that it has read everything. What was sent when a connection broke is sent again; its numbers tell a repeat.
 */
export const syslogTarget = (url: URL): AuditTarget => ({
  name: `syslog ${url.href}`,
  newest: async () => undefined,
  async send(rows) {
    const socket = await open(url)
    const ended = once(socket, 'end')
    try {
      socket.end(rows.map(row => syslogFrame(row, hostname())).join(''))
      socket.resume()
      await ended
    } finally {
      socket.destroy()
    }
  },
})

async function open({ protocol, hostname: host, port }: URL): Promise<Socket> {
  const isTls = protocol === 'tls:'
  const address = { host: host.replace(/^\[|\]$/g, ''), port: Number(port) || DEFAULT_PORT[isTls ? 'tls:' : 'tcp:'] }
  // Half open: the data must be read to its end before this side is closed too.
  const socket: Socket = isTls ? connectTls(address) : connect({ ...address, allowHalfOpen: true })
  socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('The syslog server does not answer.')))
  await once(socket, isTls ? 'secureConnect' : 'connect')
  return socket
}
