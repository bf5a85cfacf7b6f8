import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'

const FLAGS = { present: 1, verified: 4, attested: 64 }

export interface PasskeyTweaks {
  readonly origin?: string
  readonly rpId?: string
  readonly challenge?: string
  readonly counter?: number
  readonly isVerified?: boolean
}

interface Options {
  readonly challenge: string
}

/** An authenticator with one ES256 key, as a platform's own is: real CBOR and COSE, attestation "none". */
export class SoftwarePasskey {
  readonly #origin: string
  readonly #rpId: string
  readonly #id = randomBytes(32)
  readonly #privateKey: KeyObject
  readonly #cose: Buffer
  #counter = 0

  constructor(relayUrl: string) {
    this.#origin = new URL(relayUrl).origin
    this.#rpId = new URL(relayUrl).hostname
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    this.#privateKey = privateKey
    this.#cose = cborMap([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ])
  }

  /** What `navigator.credentials.create()` gives a page. */
  register(options: Options, tweaks: PasskeyTweaks = {}) {
    const idLength = Buffer.alloc(2)
    idLength.writeUInt16BE(this.#id.length)
    const attested = Buffer.concat([Buffer.alloc(16), idLength, this.#id, this.#cose])
    const authData = Buffer.concat([this.#authenticatorData(FLAGS.attested, tweaks), attested])
    const attestationObject = cborMap([
      ['fmt', 'none'],
      ['attStmt', new Map<string, never>()],
      ['authData', authData],
    ])
    const clientDataJSON = this.#clientData('webauthn.create', options, tweaks).toString('base64url')
    return this.#credential({
      clientDataJSON,
      attestationObject: attestationObject.toString('base64url'),
      transports: ['internal'],
    })
  }

  /** What `navigator.credentials.get()` gives a page. */
  answer(options: Options, tweaks: PasskeyTweaks = {}) {
    this.#counter++
    const authenticatorData = this.#authenticatorData(0, tweaks)
    const clientData = this.#clientData('webauthn.get', options, tweaks)
    const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()])
    return this.#credential({
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: sign('sha256', signed, this.#privateKey).toString('base64url'),
    })
  }

  #credential<T>(response: T) {
    const id = this.#id.toString('base64url')
    return { id, rawId: id, type: 'public-key' as const, response }
  }

  #clientData(type: string, { challenge }: Options, tweaks: PasskeyTweaks): Buffer {
    const origin = tweaks.origin ?? this.#origin
    return Buffer.from(JSON.stringify({ type, challenge: tweaks.challenge ?? challenge, origin, crossOrigin: false }))
  }

  #authenticatorData(
    extraFlags: number,
    { rpId = this.#rpId, counter = this.#counter, isVerified = true }: PasskeyTweaks,
  ) {
    const tail = Buffer.alloc(5)
    tail.writeUInt8(FLAGS.present | (isVerified ? FLAGS.verified : 0) | extraFlags)
    tail.writeUInt32BE(counter, 1)
    return Buffer.concat([createHash('sha256').update(rpId).digest(), tail])
  }
}

type CborValue = number | string | Buffer | Map<string, never>

/** As much of CBOR (RFC 8949) as an authenticator says. */
function cborMap(entries: readonly (readonly [number | string, CborValue])[]): Buffer {
  return Buffer.concat([head(5, entries.length), ...entries.flatMap(([key, value]) => [cbor(key), cbor(value)])])
}

function cbor(value: CborValue): Buffer {
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value)
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)])
  if (value instanceof Map) return head(5, 0)
  return Buffer.concat([head(2, value.length), value])
}

function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.from([(major << 5) | length])
  if (length < 256) return Buffer.from([(major << 5) | 24, length])
  return Buffer.from([(major << 5) | 25, length >> 8, length & 255])
}
