import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Runs a program of the project in its root with its output passed through. Resolves with the exit code. */
export function runStep(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', code => resolve(code ?? 1))
  })
}

/** A program that an npm package brought. */
export const packageBin = (name: string): string => `${root}node_modules/.bin/${name}`
