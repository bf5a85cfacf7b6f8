import { useCallback, useEffect, useState } from 'react'
import { useApp } from '../../../app-context.ts'

/** Keys that the person keeps, for every device. */
export function useFavourites(): { readonly paths: readonly string[]; toggle(path: string): void } {
  const app = useApp()
  const [paths, setPaths] = useState<readonly string[]>([])
  useEffect(() => {
    let isOver = false
    app.registryFiles.favourites().then(
      kept => !isOver && setPaths(kept),
      // Without them the editor is what it is.
      () => undefined,
    )
    return () => {
      isOver = true
    }
  }, [app])
  const toggle = useCallback(
    (path: string) => {
      const next = paths.includes(path) ? paths.filter(other => other !== path) : [...paths, path].slice(-40)
      setPaths(next)
      app.registryFiles.keepFavourites(next).catch(() => setPaths(paths))
    },
    [app, paths],
  )
  return { paths, toggle }
}
