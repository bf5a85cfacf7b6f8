import type { Paths, TurnCredential } from '../wire/paths.ts'

export interface IceServer {
  readonly urls: string[]
  readonly username: string
  readonly credential: string
}

/** What a peer connection is made with. */
export interface IceConfiguration {
  readonly iceServers: IceServer[]
  readonly iceTransportPolicy: 'all' | 'relay'
}

/** The ways that the connections of one session may take, by what the relay said last. Without a word of it: straight, and no server knows of it. */
export class IcePaths {
  #relayUrl = ''
  #paths: Paths = { credentials: [], onlyRelay: false }
  #taken = 0

  /** For connections that are made from now on. */
  set(relayUrl: string, paths: Paths): void {
    this.#relayUrl = relayUrl
    this.#paths = paths
  }

  /** For one more connection, with a credential of its own as long as there are any. */
  next(): IceConfiguration {
    const { credentials, onlyRelay } = this.#paths
    const credential = credentials[this.#taken++ % Math.max(1, credentials.length)]
    return {
      iceServers: credential ? [iceServer(this.#relayUrl, credential)] : [],
      iceTransportPolicy: onlyRelay ? 'relay' : 'all',
    }
  }
}

/**
 * TURN on the relay's own port. Behind TLS both kinds are named: libwebrtc trusts the authorities that it was built with and no private one, and what TURN
 * carries is encrypted from end to end and authenticated without it.
 */
function iceServer(relayUrl: string, { username, password }: TurnCredential): IceServer {
  const { protocol, hostname, port } = new URL(relayUrl)
  const isTls = protocol === 'https:'
  const at = `${hostname}:${port || (isTls ? 443 : 80)}?transport=tcp`
  return { urls: isTls ? [`turns:${at}`, `turn:${at}`] : [`turn:${at}`], username, credential: password }
}
