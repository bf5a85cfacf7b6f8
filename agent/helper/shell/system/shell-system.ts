import type { UserInfo } from 'node:os'
import type { IPty } from '@lydell/node-pty'
import type { ShellName } from '#protocol/tools/messages.ts'

/** What a system runs in a terminal, and how it ends that. */
export interface ShellSystem {
  /** Those that this device has. */
  installed(): ShellName[]
  /** By its absolute path; undefined for one that isn't there. */
  pathOf(shell: ShellName): string | undefined
  /** Of one that somebody types in. */
  argsOf(shell: ShellName): string[]
  /** A shell's whole environment: nothing is inherited. `operator` says to whatever runs in it who is behind it. */
  environment(shell: ShellName, user: UserInfo<string>, operator: string): Record<string, string>
  /** Asks what runs there to go. */
  hangUp(pty: IPty): void
  /** Ends every process that was started in the terminal, now. */
  end(pty: IPty): void
  /** The program, and its arguments, by which the system's own log gets a line. */
  logCommand(line: string): readonly [program: string, ...args: string[]]
}
