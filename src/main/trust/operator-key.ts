import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import type { SecretStore } from '../shell/shell.ts'
import { keyFromSeed, type SeedKey } from './seed-key.ts'

const storedSchema = z.object({
  version: z.literal(1),
  seed: z.base64url().length(43),
  createdAtMs: z.number().int(),
})

/** Of this app and one person at one relay; what an organisation certifies. */
export interface OperatorKey extends SeedKey {
  readonly createdAtMs: number
}

/** The key, made at the first call. Rejects when the one that was kept is damaged: another one would need to be certified anew. */
export async function openOperatorKey(
  secrets: SecretStore,
  { origin, userId }: { readonly origin: string; readonly userId: string },
  nowMs: () => number,
): Promise<OperatorKey> {
  const name = `operator-key:${origin}:${userId}`
  const text = await secrets.get(name)
  const stored = text === undefined ? { version: 1 as const, seed: newSeed(), createdAtMs: nowMs() } : read(text)
  if (text === undefined) await secrets.set(name, JSON.stringify(stored))
  return { ...(await keyFromSeed(Buffer.from(stored.seed, 'base64url'))), createdAtMs: stored.createdAtMs }
}

const newSeed = (): string => randomBytes(32).toString('base64url')

function read(text: string): z.infer<typeof storedSchema> {
  try {
    return storedSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new HandholdError('internal', 'The key of this app is damaged. Restore it, or ask for a new certificate.', {
      cause,
    })
  }
}
