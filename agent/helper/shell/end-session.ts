import { readdirSync, readFileSync } from 'node:fs'

/** Ends every process of a terminal: those of the session that its shell leads, background jobs too. What left the session left the terminal. */
export function endSession(leader: number, proc = '/proc'): void {
  for (const entry of readdirSync(proc)) {
    if (/^\d+$/.test(entry) && sessionOf(`${proc}/${entry}/stat`) === leader) kill(Number(entry))
  }
  kill(leader)
}

function sessionOf(path: string): number | undefined {
  try {
    const stat = readFileSync(path, 'latin1')
    // After the name in parentheses: state, parent, group, session.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3])
  } catch {
    return undefined
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // Gone already.
  }
}
