import { existsSync } from 'node:fs'

const SETPRIV = '/usr/bin/setpriv'
/** The display's cookie may be another user's file. */
const KEPT = ['dac_override', 'dac_read_search']

export interface ConfinedInput {
  readonly command: readonly string[]
  /** Whether the command would run with root's powers. */
  readonly isRoot: boolean
  readonly platform: NodeJS.Platform
}

/**
 * The command without root's capabilities, for a child that a root service starts and that needs none of them: what parses a peer's bytes must not be able to
 * load modules, trace other processes or take the processor for itself (libwebrtc asks for real-time threads, and as root it gets them). As it is where
 * util-linux isn't installed.
 */
export function confined({ command, isRoot, platform }: ConfinedInput): readonly string[] {
  if (!isRoot || platform !== 'linux' || !existsSync(SETPRIV)) return command
  const bounding = ['-all', ...KEPT.map(name => `+${name}`)].join(',')
  return [SETPRIV, `--bounding-set=${bounding}`, '--inh-caps=-all', '--no-new-privs', ...command]
}
