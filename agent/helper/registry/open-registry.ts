import type { Clock } from '../../links/clock.ts'
import type { Registry } from './registry.ts'
import { NativeRegistry } from './windows/native-registry.ts'
import { ownerOfPrefix, RegExe, type WinePlace } from './wine/reg-exe.ts'
import { WineRegistry } from './wine/wine-registry.ts'

/** The registry that this device has: its own on Windows, else that of the Wine prefix which the agent's configuration names. Rejects with `tool-unavailable`. */
export async function openRegistry(wine: WinePlace | undefined, clock: Clock): Promise<Registry | undefined> {
  if (process.platform === 'win32') return new NativeRegistry(await import('native-reg'))
  if (!wine) return undefined
  const owner = ownerOfPrefix(wine)
  return new WineRegistry({ reg: new RegExe(wine, owner, clock), prefix: wine.prefix, owner, clock })
}
