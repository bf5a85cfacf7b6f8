import { once } from 'node:events'
import { createServer as createProxy } from 'node:http'
import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { type Duplex, Transform } from 'node:stream'

/** A network of this machine that isn't as one would wish. */
export interface HardWay {
  readonly port: number
  /** Whom it was asked for, where it is a proxy. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

/** To one port of this machine; everything takes `delayMs` longer, in each direction. */
export function openSlowWay(target: number, delayMs: number): Promise<HardWay> {
  const server = createServer(client => {
    const other = connect(target, '127.0.0.1')
    join(client, other)
    client.pipe(later(delayMs)).pipe(other)
    other.pipe(later(delayMs)).pipe(client)
  })
  return listen(server, [])
}

/** An HTTP proxy that takes CONNECT alone; with `user`, from whoever has that name and password (`name:password`). */
export function openConnectProxy(user?: string): Promise<HardWay> {
  const asked: string[] = []
  const wanted = user === undefined ? undefined : `Basic ${Buffer.from(user).toString('base64')}`
  const server = createProxy((_, response) => response.writeHead(405).end())
  server.on('connect', ({ url = '', headers }, client) => {
    if (wanted !== undefined && headers['proxy-authorization'] !== wanted) {
      client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
      )
      return
    }
    asked.push(url)
    const { hostname, port } = new URL(`http://${url}`)
    const other = connect(Number(port), hostname, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      client.pipe(other)
      other.pipe(client)
    })
    join(client, other)
  })
  return listen(server, asked)
}

async function listen(server: Server, asked: readonly string[]): Promise<HardWay> {
  const open = new Set<Socket>()
  server.on('connection', socket => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    async close() {
      for (const socket of open) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** One end's end is the other's. */
function join(one: Duplex, other: Duplex): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy())
    from.once('close', () => to.destroy())
  }
}

function later(delayMs: number): Transform {
  return new Transform({
    transform(chunk, _, done) {
      setTimeout(() => this.push(chunk), delayMs)
      done()
    },
    flush(done) {
      setTimeout(done, delayMs)
    },
  })
}
