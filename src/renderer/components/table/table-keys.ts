/** Where a key of a list leads, or undefined for a key that means nothing to one. `count` is at least 1. */
export function rowAfterKey(key: string, index: number, count: number, pageRows: number): number | undefined {
  const targets: Record<string, number> = {
    ArrowDown: index + 1,
    ArrowUp: index - 1,
    PageDown: index + pageRows,
    PageUp: index - pageRows,
    Home: 0,
    End: count - 1,
  }
  const target = Object.hasOwn(targets, key) ? targets[key] : undefined
  return target === undefined ? undefined : Math.min(count - 1, Math.max(0, target))
}
