import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { organisationOrderClaimsSchema } from '#protocol/trust/strict/organisation-order.ts'
import type { SecretStore } from '../shell/shell.ts'
import { keyFromSeed, type SeedKey } from './seed-key.ts'

const storedSchema = z.object({
  version: z.literal(1),
  seed: z.base64url().length(43),
  /** The newest that the key said from here: a relay that hides it can't make this app repeat a number or forget a revocation. */
  order: organisationOrderClaimsSchema.nullable(),
  backedUpAtMs: z.number().int().nullable(),
})
type Stored = z.infer<typeof storedSchema>

export interface KeptOrganisationKey extends Omit<Stored, 'seed' | 'version'> {
  readonly key: SeedKey
}

/** The organisation's key in this app, where the operating system keeps secrets. */
export class OrganisationKeyFile {
  readonly #secrets: SecretStore
  readonly #name: string

  constructor(secrets: SecretStore, { origin, organisationId }: { origin: string; organisationId: string }) {
    this.#secrets = secrets
    this.#name = `organisation-key:${origin}:${organisationId}`
  }

  /** Undefined where this app has none. Rejects with `backup-invalid` when what is kept is damaged. */
  async read(): Promise<KeptOrganisationKey | undefined> {
    const text = await this.#secrets.get(this.#name)
    if (text === undefined) return undefined
    try {
      const { seed, ...rest } = storedSchema.parse(JSON.parse(text))
      return { ...rest, key: await keyFromSeed(Buffer.from(seed, 'base64url')) }
    } catch (cause) {
      const what = 'The organisation’s key in this app is damaged. Restore it from its backup or recovery phrase.'
      throw new HandholdError('backup-invalid', what, { cause })
    }
  }

  async write({ key, order, backedUpAtMs }: KeptOrganisationKey): Promise<void> {
    const seed = Buffer.from(key.seed).toString('base64url')
    await this.#secrets.set(this.#name, JSON.stringify({ version: 1, seed, order, backedUpAtMs } satisfies Stored))
  }

  forget(): Promise<void> {
    return this.#secrets.delete(this.#name)
  }
}
