import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Read by zsh before anybody's own files, which it then reads from where they always are. After each command its hooks say how it ended and what it was, in a
 * sequence that terminals ignore; `(qq)` quotes what stands in it.
 */
const HOOKS = [
  'unset ZDOTDIR',
  '[[ -r $HOME/.zshenv ]] && source $HOME/.zshenv',
  `__handhold_ran() { __handhold_now=\${1//[[:cntrl:]]/ } }`,
  '__handhold_tell() {',
  '  local code=$?',
  `  (( \${+__handhold_now} )) && printf '\\033]697;%d;%s\\007' $code \${(qq):-"0  $__handhold_now"}`,
  '  unset __handhold_now',
  '}',
  'preexec_functions+=(__handhold_ran)',
  'precmd_functions+=(__handhold_tell)',
  '',
].join('\n')

let folder: string | undefined

/** The folder that zsh looks for its files in, which goes with this process; undefined where none can be made, and then its commands aren't known. */
export function zshFolder(): string | undefined {
  if (folder) return folder
  try {
    const made = mkdtempSync(join(tmpdir(), 'handhold-zsh-'))
    writeFileSync(join(made, '.zshenv'), HOOKS, { mode: 0o600 })
    process.once('exit', () => rmSync(made, { recursive: true, force: true }))
    folder = made
    return made
  } catch {
    return undefined
  }
}
