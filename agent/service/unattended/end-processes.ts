/** A process may start another one while the list is read. */
const ROUNDS_MAX = 5

/** Ends what `find` finds, by its process ids, and looks again until that is nothing new. Returns how many. */
export function endProcesses(find: () => readonly number[]): number {
  const ended = new Set<number>()
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const found = find().filter(pid => !ended.has(pid))
    if (found.length === 0) break
    for (const pid of found) {
      ended.add(pid)
      kill(pid)
    }
  }
  return ended.size
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}
