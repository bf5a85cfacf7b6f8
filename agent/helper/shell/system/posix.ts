import { existsSync } from 'node:fs'
import type { UserInfo } from 'node:os'
import type { IPty } from '@lydell/node-pty'
import { SHELLS, type ShellName } from '#protocol/tools/messages.ts'
import type { ShellSystem } from './shell-system.ts'
import { zshFolder } from './zsh-hooks.ts'

const PATHS: Partial<Record<ShellName, readonly string[]>> = {
  bash: ['/bin/bash', '/usr/bin/bash'],
  sh: ['/bin/sh'],
  zsh: ['/bin/zsh', '/usr/bin/zsh'],
}

const pathOf = (shell: ShellName): string | undefined => PATHS[shell]?.find(path => existsSync(path))

/**
 * Run by bash before each prompt: says, in a sequence that terminals ignore, how the last command ended and what it was. `@Q` quotes whatever could end the
 * sequence. zsh has hooks of its own for that, sh has none.
 */
const TELL_COMMAND = [
  '__handhold_code=$?',
  '__handhold_now=$(HISTTIMEFORMAT= history 1)',
  `[ "\${__handhold_last+x}" ] && [ "$__handhold_last" != "$__handhold_now" ] && printf '\\033]697;%s;%s\\007' "$__handhold_code" "\${__handhold_now@Q}"`,
  '__handhold_last=$__handhold_now',
].join('; ')

function zshEnvironment(): Record<string, string> {
  const folder = zshFolder()
  return folder === undefined ? {} : { ZDOTDIR: folder }
}

/** Shells of Unix; how the processes of a terminal are found is each system's own. */
export const posixShells = (lang: string, endAll: (leader: number) => void): ShellSystem => ({
  installed: () => SHELLS.filter(shell => pathOf(shell) !== undefined),
  pathOf,
  argsOf: () => ['-i'],
  environment: (shell: ShellName, user: UserInfo<string>, operator: string) => ({
    PATH:
      user.uid === 0 ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' : '/usr/local/bin:/usr/bin:/bin',
    HOME: user.homedir,
    USER: user.username,
    LOGNAME: user.username,
    SHELL: pathOf(shell) ?? '/bin/sh',
    LANG: lang,
    TERM: 'xterm-256color',
    HANDHOLD_OPERATOR: operator,
    ...(shell === 'bash' ? { PROMPT_COMMAND: TELL_COMMAND } : shell === 'zsh' ? zshEnvironment() : {}),
  }),
  hangUp: (pty: IPty) => pty.kill('SIGHUP'),
  end: (pty: IPty) => endAll(pty.pid),
  logCommand: line => ['/usr/bin/logger', '-t', 'handhold', '-p', 'authpriv.notice', '--', line],
})
