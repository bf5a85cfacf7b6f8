import { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import type { SecretStore } from '../shell/shell.ts'
import { keyFromSeed, type SeedKey } from './seed-key.ts'

const storedSchema = z.object({
  version: z.literal(1),
  seed: z.base64url().length(43),
  /** The number of the last order that was signed here: it isn't used twice, whatever a relay says of it. */
  sequence: z.number().int().nonnegative(),
  backedUpAtMs: z.number().int().nullable(),
  /** To which it is being handed over. */
  next: z.base64url().length(43).nullable(),
})
type Stored = z.infer<typeof storedSchema>

export interface KeptOrganisationKey extends Omit<Stored, 'seed' | 'version' | 'next'> {
  readonly key: SeedKey
  readonly next: SeedKey | null
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
      const { seed, next, ...rest } = storedSchema.parse(JSON.parse(text))
      return { ...rest, key: await keyOf(seed), next: next === null ? null : await keyOf(next) }
    } catch (cause) {
      const what = 'The organisation’s key in this app is damaged. Restore it from its backup or recovery phrase.'
      throw new HandholdError('backup-invalid', what, { cause })
    }
  }

  async write({ key, next, sequence, backedUpAtMs }: KeptOrganisationKey): Promise<void> {
    const seeds = { seed: textOf(key), next: next && textOf(next) }
    await this.#secrets.set(
      this.#name,
      JSON.stringify({ version: 1, ...seeds, sequence, backedUpAtMs } satisfies Stored),
    )
  }

  forget(): Promise<void> {
    return this.#secrets.delete(this.#name)
  }
}

const textOf = ({ seed }: SeedKey): string => Buffer.from(seed).toString('base64url')
const keyOf = (text: string): Promise<SeedKey> => keyFromSeed(Buffer.from(text, 'base64url'))
