import { type CryptoKey, exportJWK, generateKeyPair } from 'jose'
import {
  type Ed25519PublicJwk,
  ed25519PublicJwkSchema,
  type SealPublicJwk,
  sealPublicJwkSchema,
} from '#protocol/keys.ts'
import { signProof } from '#protocol/proof.ts'
import type { ToolLevel } from '#protocol/tools/tools.ts'
import { openShown, type ShownPart } from '#protocol/tools/watch/shown.ts'

/** The keys of one look at somebody's tools: made here, not exportable, gone when it ends. */
export class WatchKey {
  readonly publicKey: Ed25519PublicJwk
  readonly sealKey: SealPublicJwk
  readonly #signing: CryptoKey
  readonly #opening: CryptoKey
  #count = 0

  private constructor(publicKey: Ed25519PublicJwk, sealKey: SealPublicJwk, signing: CryptoKey, opening: CryptoKey) {
    this.publicKey = publicKey
    this.sealKey = sealKey
    this.#signing = signing
    this.#opening = opening
  }

  static async create(): Promise<WatchKey> {
    const signing = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: false })
    const opening = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: false })
    const publicKey = ed25519PublicJwkSchema.parse(await exportJWK(signing.publicKey))
    const sealKey = sealPublicJwkSchema.parse(await exportJWK(opening.publicKey))
    return new WatchKey(publicKey, sealKey, signing.privateKey, opening.privateKey)
  }

  /** Each is another one. */
  beat(sessionId: string, agentNonce: string, seen: Record<ToolLevel, number>): Promise<string> {
    const claims = { sessionId, agentNonce, count: ++this.#count, seen: { ...seen } }
    return signProof('watch', claims, this.#signing, this.publicKey)
  }

  /** Throws `proof-invalid` for what wasn't sealed for this key and session. */
  open(sealed: string, sessionId: string): Promise<ShownPart> {
    return openShown(this.#opening, sealed, sessionId)
  }
}
