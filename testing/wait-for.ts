/** Asks until the answer is yes; rejects with what it waited for. For facts outside of this process that announce nothing. */
export async function waitFor(what: string, isSo: () => Promise<boolean> | boolean, timeoutMs = 30_000): Promise<void> {
  const giveUpAt = performance.now() + timeoutMs
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${timeoutMs} ms for ${what}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}
