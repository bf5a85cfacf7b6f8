import { z } from 'zod'
import { isRegistryPath, REG_FILE_MAX_BYTES } from '#protocol/tools/registry.ts'

/** Of a `.reg` file in one call; a longer one comes in several. */
export const REG_TEXT_PART = 60_000
export const REG_TEXT_MAX = REG_FILE_MAX_BYTES / 2
const FAVOURITES_MAX = 40

const favourites = z.array(z.string().max(3_000).refine(isRegistryPath)).max(FAVOURITES_MAX)

/** Keys that the person comes back to, on every device. */
export const favouritesSchema = z.object({ paths: favourites })

/** What the registry editor has main keep. */
export const registryCalls = {
  registryFavourites: { args: z.undefined(), result: favouritesSchema },
  keepRegistryFavourites: { args: z.strictObject({ paths: favourites }), result: z.void() },
  /** Lays down a part of a file, `isFirst` begins it. */
  putRegText: { args: z.strictObject({ text: z.string().max(REG_TEXT_PART), isFirst: z.boolean() }), result: z.void() },
  /** Writes what was put where the person wants it, as Windows keeps such files; null when they chose no place. */
  saveRegFile: {
    args: z.strictObject({ suggestedName: z.string().regex(/^[\w.-]{1,80}$/) }),
    result: z.object({ name: z.string().max(300) }).nullable(),
  },
} as const
export type RegistryCalls = typeof registryCalls
