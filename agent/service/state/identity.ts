import { join } from 'node:path'
import { type CryptoKey, exportJWK, generateKeyPair, importJWK } from 'jose'
import { z } from 'zod'
import { deviceIdSchema } from '#protocol/ids.ts'
import { type Ed25519PublicJwk, ed25519PrivateJwkSchema, ed25519PublicJwkSchema } from '#protocol/keys.ts'
import { type ProofClaims, type ProofKind, signProof } from '#protocol/proof.ts'
import { PINNED_KEYS_MAX, pinnedKeySchema } from '#protocol/trust/key-handover.ts'
import { RECEIPT, type ReceiptClaims } from '#protocol/trust/receipt.ts'
import { signStatement } from '#protocol/trust/signed.ts'
import { organisationViewSchema } from '#protocol/wire/views.ts'
import { bootsFile } from './boots.ts'
import { readStateFile, removeStateFile, writeStateFile } from './state-file.ts'

const enrolmentSchema = z.object({
  deviceId: deviceIdSchema,
  organisation: organisationViewSchema,
  /** Pinned at enrolment, and what they handed over to: a pass signed by any other key is refused, whoever sends it. */
  passKeys: z.array(pinnedKeySchema).min(1).max(PINNED_KEYS_MAX),
})
export type Enrolment = z.infer<typeof enrolmentSchema>

const identitySchema = z.object({
  version: z.literal(1),
  relayUrl: z.string(),
  key: ed25519PrivateJwkSchema,
  enrolment: enrolmentSchema.nullable(),
})
type StoredIdentity = z.infer<typeof identitySchema>

/** This device towards one relay: its key, and what the relay said at enrolment. The private half never leaves this object. */
export interface Identity {
  readonly publicKey: Ed25519PublicJwk
  readonly enrolment: Enrolment | null
  sign<K extends ProofKind>(kind: K, claims: ProofClaims<K>): Promise<string>
  signReceipt(claims: ReceiptClaims): Promise<string>
}

const fileOf = (stateDir: string): string => join(stateDir, 'identity.json')

export interface IdentityStore {
  /** The identity for this relay; makes a new key when there is none yet. Rejects when the stored one can't be read. */
  load(): Promise<Identity>
  /** Keeps what the relay answered. Durable when it resolves. */
  enrol(enrolment: Enrolment): Promise<Identity>
  /** Forgets key, enrolment and what was counted. Idempotent. */
  wipe(): Promise<void>
}

/** The public half of this device's key, for people who compare it; undefined before there is one. */
export async function readDeviceKey(stateDir: string): Promise<Ed25519PublicJwk | undefined> {
  const path = fileOf(stateDir)
  const text = await readStateFile(path)
  return text === undefined ? undefined : ed25519PublicJwkSchema.parse(parse(text, path).key)
}

export function openIdentityStore(stateDir: string, relayUrl: string): IdentityStore {
  const path = fileOf(stateDir)
  const read = async (): Promise<StoredIdentity | undefined> => {
    const text = await readStateFile(path)
    if (text === undefined) return undefined
    const stored = parse(text, path)
    // Another relay gets another key, so that two relays can't tell that they know the same device.
    return stored.relayUrl === relayUrl ? stored : undefined
  }
  const write = async (stored: StoredIdentity) => {
    await writeStateFile(path, JSON.stringify(stored))
    return toIdentity(stored)
  }
  const readOrCreate = async (): Promise<StoredIdentity> => {
    const stored = await read()
    if (stored) return stored
    const created: StoredIdentity = { version: 1, relayUrl, key: await newKey(), enrolment: null }
    await write(created)
    return created
  }
  return {
    load: async () => toIdentity(await readOrCreate()),
    enrol: async enrolment => write({ ...(await readOrCreate()), enrolment }),
    wipe: async () => {
      await removeStateFile(path)
      await removeStateFile(bootsFile(stateDir))
    },
  }
}

async function newKey() {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return ed25519PrivateJwkSchema.parse(await exportJWK(privateKey))
}

async function toIdentity(stored: StoredIdentity): Promise<Identity> {
  const privateKey = (await importJWK(stored.key, 'EdDSA')) as CryptoKey
  const publicKey = ed25519PublicJwkSchema.parse(stored.key)
  return {
    publicKey,
    enrolment: stored.enrolment,
    sign: (kind, claims) => signProof(kind, claims, privateKey, publicKey),
    signReceipt: claims => signStatement(RECEIPT, claims, privateKey, publicKey),
  }
}

function parse(text: string, path: string): StoredIdentity {
  try {
    return identitySchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new Error(`${path} is damaged. Restore it, or remove it and enrol this device again.`, { cause })
  }
}
