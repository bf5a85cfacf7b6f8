import { readdirSync, readFileSync } from 'node:fs'
import { markEntry } from '../../links/session-mark.ts'
import { endProcesses } from './end-processes.ts'

/**
 * Ends every process that was started in a session and is still there: a host that hangs, a program that left its terminal, what an earlier run of the agent
 * left. Returns how many. Knows none where there is no `/proc`, and none of another user's without root's rights.
 */
export function endSessionProcesses(sessionId: string, proc = '/proc'): number {
  return endProcesses(() => marked(sessionId, proc))
}

function marked(sessionId: string, proc: string): number[] {
  const entry = markEntry(sessionId)
  try {
    return readdirSync(proc)
      .filter(name => /^\d+$/.test(name) && Number(name) !== process.pid)
      .filter(name => environmentOf(`${proc}/${name}/environ`).includes(entry))
      .map(Number)
  } catch {
    return []
  }
}

/** Empty for a process that is gone, that has ended and waits for its parent, or that isn't ours to look at. */
function environmentOf(path: string): string[] {
  try {
    return readFileSync(path, 'latin1').split('\0')
  } catch {
    return []
  }
}
