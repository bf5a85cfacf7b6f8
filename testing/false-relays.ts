import { readFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { createServer, getCACertificates, type Server, setDefaultCACertificates, type TlsOptions } from 'node:tls'
import { makeCertificate, makeExpiredCertificate } from './certificate.ts'

export interface FalseRelay {
  readonly url: string
  /** What somebody told it, decrypted. */
  readonly received: () => string
  /** How many began to talk TLS with it. */
  readonly handshakes: () => number
  /** And trusts no certificate of it any more. */
  close(): Promise<void>
}

const trusted = getCACertificates('default')

/** How whoever stands in a relay's place may look. `right` is how nobody but the relay does. */
export const FALSE_RELAYS = ['of nobody that is known', 'of another host', 'that ran out', 'by TLS 1.1'] as const
export type FalseRelayKind = (typeof FALSE_RELAYS)[number] | 'right'

/** Somebody in a relay's place, with a certificate of that kind; unless it is nobody's that is known, this process trusts it. */
export async function startFalseRelay(folder: string, kind: FalseRelayKind): Promise<FalseRelay> {
  const name = kind === 'of another host' ? 'elsewhere.example' : 'localhost'
  const { certFile, keyFile } = kind === 'that ran out' ? makeExpiredCertificate(folder) : makeCertificate(folder, name)
  const [cert, key] = [await readFile(certFile, 'utf8'), await readFile(keyFile, 'utf8')]
  if (kind !== 'of nobody that is known') setDefaultCACertificates([...trusted, cert])
  const old: TlsOptions = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' }
  let received = ''
  let handshakes = 0
  const server: Server = createServer({ cert, key, ...(kind === 'by TLS 1.1' && old) }, socket => {
    socket.on('data', data => {
      received += data.toString('latin1')
      socket.end('HTTP/1.1 418 No relay\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    })
    socket.on('error', () => undefined)
  })
  server.on('connection', () => handshakes++)
  server.on('tlsClientError', () => undefined)
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    received: () => received,
    handshakes: () => handshakes,
    async close() {
      setDefaultCACertificates(trusted)
      await new Promise(resolve => server.close(resolve))
    },
  }
}
