import { existsSync } from 'node:fs'
import type { UserInfo } from 'node:os'
import { SHELLS, type ShellName } from '#protocol/tools/messages.ts'

const PATHS: Record<ShellName, readonly string[]> = {
  bash: ['/bin/bash', '/usr/bin/bash'],
  sh: ['/bin/sh'],
  zsh: ['/bin/zsh', '/usr/bin/zsh'],
}

export const pathOf = (shell: ShellName): string | undefined => PATHS[shell].find(path => existsSync(path))

/** Those that this device has. */
export const installedShells = (): ShellName[] => SHELLS.filter(shell => pathOf(shell) !== undefined)

/**
 * Run by bash before each prompt: says, in a sequence that terminals ignore, how the last command ended and what it was. `@Q` quotes whatever could end the
 * sequence. Other shells have no such hook in their environment.
 */
const TELL_COMMAND = [
  '__handhold_code=$?',
  '__handhold_now=$(HISTTIMEFORMAT= history 1)',
  `[ "\${__handhold_last+x}" ] && [ "$__handhold_last" != "$__handhold_now" ] && printf '\\033]697;%s;%s\\007' "$__handhold_code" "\${__handhold_now@Q}"`,
  '__handhold_last=$__handhold_now',
].join('; ')

/** A shell's whole environment: nothing is inherited. `operator` says to whatever runs in it who is behind it. */
export function shellEnvironment(shell: ShellName, user: UserInfo<string>, operator: string): Record<string, string> {
  return {
    PATH:
      user.uid === 0 ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' : '/usr/local/bin:/usr/bin:/bin',
    HOME: user.homedir,
    USER: user.username,
    LOGNAME: user.username,
    SHELL: pathOf(shell) ?? '/bin/sh',
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    HANDHOLD_OPERATOR: operator,
    ...(shell === 'bash' ? { PROMPT_COMMAND: TELL_COMMAND } : {}),
  }
}
