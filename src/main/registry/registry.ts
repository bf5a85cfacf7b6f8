import { join } from 'node:path'
import type { CallHandlers } from '#ipc/contract.ts'
import { favouritesSchema, REG_TEXT_MAX, type RegistryCalls } from '#ipc/registry.ts'
import { HandholdError } from '#protocol/errors.ts'
import { KeptFile } from '../settings/kept-file.ts'
import type { Shell } from '../shell/shell.ts'

export interface RegistryDependencies {
  readonly shell: Pick<Shell, 'saveFile'>
  readonly userDataDir: string
}

/** What the registry editor keeps on the operator's own machine: favourites, and files that they export. */
export function setupRegistry({
  shell,
  userDataDir,
}: RegistryDependencies): CallHandlers<{ calls: RegistryCalls; events: Record<never, never> }> {
  const favourites = new KeptFile(join(userDataDir, 'registry-favourites.json'), favouritesSchema, { paths: [] })
  let text = ''
  return {
    registryFavourites: () => favourites.read(),
    keepRegistryFavourites: kept => favourites.write(kept),
    putRegText: part => {
      if (part.isFirst) text = ''
      if (text.length + part.text.length > REG_TEXT_MAX)
        throw new HandholdError('registry-too-large', 'This is too long for one file. Export a key beneath it.')
      text += part.text
    },
    saveRegFile: async ({ suggestedName }) => {
      const contents = Buffer.from(`\uFEFF${text}`, 'utf16le')
      text = ''
      const name = await shell.saveFile({ suggestedName, contents })
      return name === undefined ? null : { name }
    },
  }
}
