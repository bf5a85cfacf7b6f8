import { CANDIDATES_PER_SESSION } from '../limits.ts'

/** Below it are the services of whole systems; no peer and no relay of media takes its ports from there. */
const PORT_MIN = 1_024
/** RFC 8839: foundation, component, transport, priority, address, port. */
const CANDIDATE = /^(?:a=)?candidate:\S{1,32} \d{1,5} (\S{1,16}) \d{1,10} (\S{1,255}) (\d{1,5}) typ /i
const CANDIDATE_LINE = /^a=candidate:/i

interface Address {
  readonly address: string
  readonly port: number
}

/**
 * Which of the addresses that another peer names are dialled: UDP to a numeric address that a peer can have, of which a connection takes 200. A name would be
 * looked up, TCP connected to and a local service spoken to on a stranger's word. The machine's own address counts where this side has no other itself.
 */
export class PeerCandidates {
  #isLocal: boolean
  #taken = 0

  constructor(isLocal = false) {
    this.#isLocal = isLocal
  }

  /** One of this side's own, or a description with all of them. Whether something that was left is taken from now on. */
  noteOwn(text: string): boolean {
    const before = this.#isLocal
    this.#isLocal ||= text.split('\n').some(line => isLoopback(addressIn(line)?.address ?? ''))
    return this.#isLocal !== before
  }

  /** For another connection of the same two peers. */
  another(): PeerCandidates {
    return new PeerCandidates(this.#isLocal)
  }

  /** Counts it, too. */
  takes(candidate: string): boolean {
    const found = addressIn(candidate)
    if (!found || this.#taken >= CANDIDATES_PER_SESSION) return false
    const { address, port } = found
    const isDialled = port >= PORT_MIN && (isOfAPeer(address) || (this.#isLocal && isLoopback(address)))
    if (isDialled) this.#taken++
    return isDialled
  }

  /** The description without the addresses that aren't dialled. */
  within(sdp: string): string {
    return sdp
      .split('\n')
      .filter(line => !CANDIDATE_LINE.test(line) || this.takes(line.trim()))
      .join('\n')
  }
}

function addressIn(candidate: string): Address | undefined {
  const [, transport = '', address = '', port = ''] = CANDIDATE.exec(candidate) ?? []
  const plain = numeric(address)
  return transport.toLowerCase() === 'udp' && plain !== undefined ? { address: plain, port: Number(port) } : undefined
}

/** One spelling for each numeric address; undefined for names, and for what only some systems read as a number (`0177.1`, `2130706433`). */
function numeric(address: string): string | undefined {
  const parts = address.split('.')
  if (parts.length === 4 && parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return address
  if (!/^[0-9a-f:.]*:[0-9a-f:.]*$/i.test(address)) return undefined
  try {
    return new URL(`http://[${address}]/`).hostname.slice(1, -1)
  } catch {
    return undefined
  }
}

const isLoopback = (address: string): boolean => address === '::1' || /^127\./.test(address)

/** No link-local address, which only this machine's neighbours and a cloud's metadata have, no group of many, none that stands for another one or for nobody. */
const isOfAPeer = (address: string): boolean =>
  !(address.includes(':') ? /^(?:::|fe[89ab]|ff)/ : /^(?:0|127|169\.254|22[4-9]|2[345]\d)\./).test(address)
