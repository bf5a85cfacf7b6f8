import { endSession } from '../end-session.ts'
import { darwinShells } from './darwin.ts'
import { posixShells } from './posix.ts'
import type { ShellSystem } from './shell-system.ts'
import { windowsShells } from './win32.ts'

/** Those of the system that this runs on. */
export function openShells(): ShellSystem {
  if (process.platform === 'win32') return windowsShells(process.env.SystemRoot)
  return process.platform === 'darwin' ? darwinShells : posixShells('C.UTF-8', endSession)
}
