import { execFile } from 'node:child_process'
import { openShells } from './shell/system/open-shells.ts'

/** A line in the system's own log; a system without one is no reason to do nothing. */
export function sayToSystem(line: string): void {
  const [program, ...args] = openShells().logCommand(line)
  execFile(program, args, { env: {}, timeout: 2_000, windowsHide: true }, () => undefined)
}
