import type { ScriptView } from '#protocol/scripts/http.ts'

export type VersionedScript = ScriptView & { readonly version: number }

/** A script that was written anew under its name is the next version of it. */
export function withVersions(scripts: readonly ScriptView[]): VersionedScript[] {
  const counts = new Map<string, number>()
  return scripts
    .toSorted((a, b) => a.createdAtMs - b.createdAtMs)
    .map(script => {
      const version = (counts.get(script.name) ?? 0) + 1
      counts.set(script.name, version)
      return { ...script, version }
    })
}
