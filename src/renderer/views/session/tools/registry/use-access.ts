import { useEffect, useState } from 'react'
import type { RegistryAccess } from '#protocol/tools/registry.ts'
import type { RegistryClient } from '../../../../session/tools/registry-client.ts'
import { useDebounced } from '../../../use-debounced.ts'

/** What may be done with a key, once somebody stays with it. */
export function useAccess(client: RegistryClient, path: string | null): RegistryAccess | null {
  const settled = useDebounced(path)
  const [known, setKnown] = useState<{ path: string; access: RegistryAccess } | null>(null)
  useEffect(() => {
    if (settled === null) return
    let isOver = false
    client.ask('access', { ask: 'access', path: settled }).then(
      ({ access }) => !isOver && setKnown({ path: settled, access }),
      // The list says already why the key can't be read.
      () => undefined,
    )
    return () => {
      isOver = true
    }
  }, [client, settled])
  return known?.path === path ? (known?.access ?? null) : null
}
