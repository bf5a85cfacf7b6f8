import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { ed25519PublicJwkSchema, type PassVerificationKey, thumbprintOf } from '#protocol/keys.ts'
import { HANDOVERS_MAX, handoversSchema, pinnedKeySchema } from '#protocol/trust/key-handover.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const epochMs = z.number().int().nonnegative()

const fileSchema = z.strictObject({
  version: z.literal(1),
  /** Signs. The private half of the one before is gone: it has signed the hand-over and is needed for nothing else. */
  current: z.strictObject({ pem: z.string(), sinceMs: epochMs }),
  /** Signed before: what it signed is good until then. */
  previous: pinnedKeySchema.required().nullable(),
  handovers: handoversSchema,
  /** The key of before then may be in other hands: whoever came in by it has to leave. */
  revokedBeforeMs: epochMs.nullable(),
})

/** All that a relay knows of its keys for passes, leases and grants. */
export interface PassKeyState {
  readonly privateKey: KeyObject
  readonly current: PassVerificationKey
  readonly sinceMs: number
  readonly previous: (PassVerificationKey & { readonly untilMs: number }) | null
  /** Oldest first. */
  readonly handovers: readonly string[]
  readonly revokedBeforeMs: number | null
}

/** A file of its own in the data folder, outside the database. */
export const passKeyFile = (dataDir: string): string => join(dataDir, 'pass-keys.json')

/** Undefined when there is none; throws when it is damaged: a new key would shut every device out. */
export async function readPassKeys(file: string): Promise<PassKeyState | undefined> {
  const text = readPrivateFile(file)
  if (text === undefined) return undefined
  try {
    const { current, ...state } = fileSchema.parse(JSON.parse(text))
    return { ...(await stateOf(current.pem)), sinceMs: current.sinceMs, ...state }
  } catch (cause) {
    throw damaged(file, cause)
  }
}

/** The first key, or the one that an earlier version kept in `pass-key.pem`. */
export async function makePassKeys(file: string, nowMs: number): Promise<PassKeyState> {
  const before = join(dirname(file), 'pass-key.pem')
  const kept = readPrivateFile(before)
  const named = await stateOf(kept ?? newPem()).catch(cause => {
    throw damaged(before, cause)
  })
  const state = { ...named, sinceMs: nowMs, previous: null, handovers: [], revokedBeforeMs: null }
  writePassKeys(file, state)
  rmSync(before, { force: true })
  return state
}

export function writePassKeys(file: string, state: PassKeyState): void {
  const { sinceMs, previous, revokedBeforeMs } = state
  const handovers = state.handovers.slice(-HANDOVERS_MAX)
  const current = { pem: pemOf(state.privateKey), sinceMs }
  writePrivateFile(file, JSON.stringify({ version: 1, current, previous, handovers, revokedBeforeMs }))
}

/** Changes whenever the file was replaced. */
export function passKeyMark(file: string): string {
  const { ino, mtimeMs } = statSync(file)
  return `${ino} ${mtimeMs}`
}

export const newPem = (): string => pemOf(generateKeyPairSync('ed25519').privateKey)

export const pemOf = (key: KeyObject): string => key.export({ format: 'pem', type: 'pkcs8' }).toString()

/** A key by its PEM, with the name that it is known by. */
export async function stateOf(pem: string): Promise<Pick<PassKeyState, 'privateKey' | 'current'>> {
  const privateKey = createPrivateKey(pem)
  const jwk = ed25519PublicJwkSchema.parse(createPublicKey(privateKey).export({ format: 'jwk' }))
  return { privateKey, current: { ...jwk, kid: (await thumbprintOf(jwk)).slice(0, 16) } }
}

const damaged = (file: string, cause: unknown): Error =>
  new Error(`${file} is damaged. Put it back from the backup; without it every device has to enrol again.`, { cause })
