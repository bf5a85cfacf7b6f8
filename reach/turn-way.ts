import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { openTunnel } from './tunnel.ts'

/** As many as one end's connections and what it tries for them. */
const CONNECTIONS_MAX = 32

/** The relay's port as a port of this machine, for a WebRTC that knows nothing of proxies. */
export interface TurnWay {
  /** In the relay's place. */
  readonly url: string
  readonly port: number
  /** Idempotent. */
  close(): void
}

export interface TurnWayOptions {
  readonly relayUrl: string
  readonly proxy: string
  readonly onProblem: (why: string) => void
}

/** Opens nothing by itself: what connects here is led to the relay, and nowhere else. Only this machine reaches it. */
export async function openTurnWay({ relayUrl, proxy, onProblem }: TurnWayOptions): Promise<TurnWay> {
  const open = new Set<Socket>()
  const join = async (client: Socket) => {
    open.add(client)
    client.once('close', () => open.delete(client))
    // It may be gone before there is a way for it.
    client.on('error', () => undefined)
    try {
      const tunnel = await openTunnel(proxy, relayUrl)
      const ended = () => undefined
      pipeline(client, tunnel, ended)
      pipeline(tunnel, client, ended)
    } catch (thrown) {
      client.destroy()
      onProblem(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }
  const server = createServer(client => void join(client))
  server.maxConnections = CONNECTIONS_MAX
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close() {
      server.close()
      for (const client of open) client.destroy()
    },
  }
}
