import { execFileSync } from 'node:child_process'
import { posixShells } from './posix.ts'

/** `ps -axo pid=,ppid=`: the process and all that came of it, the youngest first. */
export function descendantsIn(text: string, root: number): number[] {
  const all = text.split('\n').flatMap(line => {
    const [, pid, parent] = /^\s*(\d+)\s+(\d+)\s*$/.exec(line) ?? []
    return pid === undefined ? [] : [{ pid: Number(pid), parent: Number(parent) }]
  })
  const found = [root]
  for (const known of found)
    for (const { pid, parent } of all) if (parent === known && !found.includes(pid)) found.push(pid)
  return found.toReversed()
}

/** What left its parent left the terminal: `ps` says nothing of sessions there. */
export const darwinShells = posixShells('en_US.UTF-8', leader => {
  for (const pid of descendantsIn(list(), leader)) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // Gone already.
    }
  }
})

function list(): string {
  try {
    return execFileSync('/bin/ps', ['-axo', 'pid=,ppid='], { encoding: 'utf8', env: {} })
  } catch {
    return ''
  }
}
