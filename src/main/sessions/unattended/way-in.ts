import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { sealPrivateJwkSchema, sealPublicJwkSchema } from '#protocol/keys.ts'
import { proofSchema } from '#protocol/proof.ts'
import { toBytes, toText } from '#protocol/unattended/bytes.ts'
import { readPassword } from '#protocol/unattended/password.ts'
import { clientKeyOf, makeProof, resumeKeyOf } from '#protocol/unattended/proof.ts'
import { openSealed } from '#protocol/unattended/seal.ts'
import { type ProofSubject, transcriptBytes } from '#protocol/unattended/transcript.ts'
import type { JoinSecret, SealKey } from '#protocol/unattended/wire.ts'
import { passwordKeyOf } from './password-key.ts'

export const keptWayInSchema = z.object({
  key: sealPrivateJwkSchema,
  proof: proofSchema,
  resumeKey: z.string().max(64).nullable(),
})
type KeptWayIn = z.infer<typeof keptWayInSchema>

/** One try to come in, and what became of it. One of the three is called. */
export interface Attempt {
  readonly secret: JoinSecret
  /** The device let it in: from then on the next way in is another key. */
  accepted(): void
  /** Nobody knows whether the device let it in: the next way in is one of two keys. */
  unanswered(): void
  /** The device has another key. Returns whether this app has another one, too. */
  wrong(): boolean
}

/** The device takes five wrong tries, and doesn't tell them from a stranger's. */
const KEYS_MAX = 3

/** How this app gets into one unattended session: with the password once, and with a key that only both ends can make from then on. */
export class WayIn {
  readonly #privateKey: CryptoKey
  readonly sealKey: SealKey
  /** The likeliest first; more than one only where an answer was lost. */
  #resumeKeys: readonly Uint8Array[] = []

  private constructor(privateKey: CryptoKey, sealKey: SealKey) {
    this.#privateKey = privateKey
    this.sealKey = sealKey
  }

  /** `signSeal` is the session key's word for the public half. */
  static async create(signSeal: (key: SealKey['key']) => Promise<string>): Promise<WayIn> {
    const pair = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: true })
    const key = sealPublicJwkSchema.parse(await exportJWK(pair.publicKey))
    return new WayIn(pair.privateKey, { key, proof: await signSeal(key) })
  }

  /** As it is kept for a pass that outlives this program. */
  async keep(): Promise<KeptWayIn> {
    const key = sealPrivateJwkSchema.parse(await exportJWK(this.#privateKey))
    const [resumeKey] = this.#resumeKeys
    return { key, proof: this.sealKey.proof, resumeKey: resumeKey ? toText(resumeKey) : null }
  }

  static async restore({ key, proof, resumeKey }: KeptWayIn): Promise<WayIn> {
    const privateKey = await importJWK(key, 'ECDH-ES', { extractable: true })
    const wayIn = new WayIn(privateKey as CryptoKey, { key: sealPublicJwkSchema.parse(key), proof })
    if (resumeKey !== null) wayIn.#resumeKeys = [toBytes(resumeKey)]
    return wayIn
  }

  /** The password as the device sealed it for this app. */
  open(sealed: string, sessionId: string): Promise<string> {
    return openSealed(this.#privateKey, sealed, sessionId)
  }

  get canResume(): boolean {
    return this.#resumeKeys.length > 0
  }

  /** Throws `otp-wrong` for what can't be a password, without asking the device. */
  async withPassword(typed: string, salt: string, subject: ProofSubject): Promise<Attempt> {
    const password = readPassword(typed)
    if (password === undefined)
      throw new HandholdError('otp-wrong', 'A one-time password has 13 letters and digits. Check what you typed.')
    const passwordKey = await passwordKeyOf(password, toBytes(salt))
    return this.#attempt('password', clientKeyOf(passwordKey), subject)
  }

  /** Throws `forbidden` where the password was never accepted. */
  withResumeKey(subject: ProofSubject): Attempt {
    const [resumeKey] = this.#resumeKeys
    if (!resumeKey) throw new HandholdError('forbidden', 'This app was never in that session.')
    return this.#attempt('resume', resumeKey, subject)
  }

  #attempt(kind: JoinSecret['kind'], clientKey: Uint8Array, subject: ProofSubject): Attempt {
    const transcript = transcriptBytes(kind, subject)
    return {
      secret: { kind, proof: toText(makeProof(clientKey, transcript)) },
      accepted: () => {
        this.#resumeKeys = [resumeKeyOf(clientKey, transcript)]
      },
      unanswered: () => {
        const [first, ...others] = this.#resumeKeys
        const next = resumeKeyOf(clientKey, transcript)
        this.#resumeKeys = (first ? [first, next, ...others] : [next]).slice(0, KEYS_MAX)
      },
      wrong: () => {
        if (kind === 'password' || this.#resumeKeys.length < 2) return false
        this.#resumeKeys = this.#resumeKeys.slice(1)
        return true
      },
    }
  }
}
