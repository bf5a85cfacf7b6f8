import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { hostname } from 'node:os'
import { connect as connectTls } from 'node:tls'
import type { HeadTarget } from '../domain/audit/copies.ts'
import type { Clock } from '../domain/clock.ts'

const TIMEOUT_MS = 10_000
/** Facility 13 (log audit), severity 5 (notice). */
const PRIORITY = 13 * 8 + 5
const DEFAULT_PORT = { 'tcp:': 514, 'tls:': 6514 } as const

/** RFC 5424 over TCP or TLS with counted frames (RFC 5425, 6587). UDP would cut a head of a thousand rows. */
export const syslogTarget = (url: string, clock: Clock): HeadTarget => ({
  name: `syslog ${url}`,
  async send(heads) {
    const socket = open(new URL(url))
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('The syslog server doesn’t answer.')))
    const closed = once(socket, 'close')
    try {
      const time = new Date(clock.nowMs()).toISOString()
      socket.end(
        heads.map(head => frame(`<${PRIORITY}>1 ${time} ${hostname()} handhold-relay - audit-head - ${head}`)).join(''),
      )
      await closed
    } finally {
      socket.destroy()
    }
  },
})

function open({ protocol, hostname: host, port }: URL): Socket {
  const isTls = protocol === 'tls:'
  const address = { host: host.replace(/^\[|\]$/g, ''), port: Number(port) || DEFAULT_PORT[isTls ? 'tls:' : 'tcp:'] }
  return isTls ? connectTls(address) : connect(address)
}

const frame = (message: string): string => `${Buffer.byteLength(message)} ${message}`
