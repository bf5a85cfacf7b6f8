import type { CallHandlers } from '#ipc/contract.ts'
import { REG_TEXT_PART, type RegistryCalls } from '#ipc/registry.ts'

type Handlers = CallHandlers<{ calls: RegistryCalls; events: Record<never, never> }>
type Calls = {
  readonly [K in keyof Handlers]: (...args: Parameters<Handlers[K]>) => Promise<Awaited<ReturnType<Handlers[K]>>>
}

/** What the registry editor keeps on this machine. */
export interface RegistryFiles {
  favourites(): Promise<readonly string[]>
  keepFavourites(paths: readonly string[]): Promise<void>
  /** Saves what `produce` writes, part by part, as a `.reg` file of about this name; `name` is null when the person chose no place. */
  save(
    about: string,
    produce: (write: (text: string) => Promise<void>) => Promise<void>,
  ): Promise<{ name: string | null }>
}

export const registryFiles = (call: Calls): RegistryFiles => ({
  favourites: async () => (await call.registryFavourites(undefined)).paths,
  keepFavourites: async paths => {
    await call.keepRegistryFavourites({ paths: [...paths] })
  },
  async save(about, produce) {
    let isFirst = true
    let waiting = ''
    const flush = async () => {
      await call.putRegText({ text: waiting, isFirst })
      isFirst = false
      waiting = ''
    }
    await produce(async text => {
      if (waiting.length + text.length > REG_TEXT_PART) await flush()
      waiting += text
    })
    await flush()
    // A key may be called anything; a file may not.
    const suggestedName = `${about.replace(/[^\w.-]+/g, '-').slice(0, 70)}.reg`
    return { name: (await call.saveRegFile({ suggestedName }))?.name ?? null }
  },
})
