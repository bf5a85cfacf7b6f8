import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { SHELLS, type ShellName } from '#protocol/tools/messages.ts'
import { POWERSHELL_HOOK } from './powershell-hook.ts'
import type { ShellSystem } from './shell-system.ts'

/** Shells of Windows, in ConPTY. */
export function windowsShells(root = 'C:\\Windows', isThere: (path: string) => boolean = existsSync): ShellSystem {
  const system = `${root}\\System32`
  const paths: Partial<Record<ShellName, string>> = {
    cmd: `${system}\\cmd.exe`,
    powershell: `${system}\\WindowsPowerShell\\v1.0\\powershell.exe`,
  }
  const pathOf = (shell: ShellName) => {
    const path = paths[shell]
    return path !== undefined && isThere(path) ? path : undefined
  }
  return {
    installed: () => SHELLS.filter(shell => pathOf(shell) !== undefined),
    pathOf,
    argsOf: shell => (shell === 'powershell' ? ['-NoLogo', '-NoExit', '-Command', POWERSHELL_HOOK] : []),
    environment: (_shell, user, operator) => ({
      SystemRoot: root,
      ComSpec: `${system}\\cmd.exe`,
      Path: `${system};${root};${system}\\Wbem;${system}\\WindowsPowerShell\\v1.0`,
      PATHEXT: '.COM;.EXE;.BAT;.CMD',
      USERNAME: user.username,
      USERPROFILE: user.homedir,
      TEMP: tmpdir(),
      TMP: tmpdir(),
      HANDHOLD_OPERATOR: operator,
    }),
    hangUp: pty => pty.kill(),
    end(pty) {
      // Its children first: without their parent nobody would know whose they are.
      spawnSync(`${system}\\taskkill.exe`, ['/PID', String(pty.pid), '/T', '/F'], {
        stdio: 'ignore',
        windowsHide: true,
      })
      pty.kill()
    },
    logCommand: line => [
      `${system}\\eventcreate.exe`,
      ...['/T', 'INFORMATION', '/ID', '100', '/L', 'APPLICATION', '/SO', 'Handhold', '/D', line],
    ],
  }
}
