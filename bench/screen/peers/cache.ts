import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { startProgram } from '../../../testing/program.ts'

/** Peers are measured, not shipped: they live outside the project. */
export const cacheFolder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'handhold-bench')
const INSTALL_TIMEOUT_MS = 10 * 60_000

/** The folder of an npm package in exactly this version, installed on first use. */
export async function npmPeer(name: string, version: string): Promise<string> {
  const root = join(cacheFolder, 'npm')
  const folder = join(root, 'node_modules', name)
  if ((await installedVersion(folder)) === version) return folder
  await mkdir(root, { recursive: true })
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--save-exact', '--prefix', root]
  await install('npm', ['install', ...flags, `${name}@${version}`])
  return folder
}

/** A program from a Debian package, installed on first use where that is allowed. */
export async function debianPeer(program: string, packageName: string): Promise<string> {
  const found = () =>
    (process.env.PATH ?? '')
      .split(delimiter)
      .map(folder => join(folder, program))
      .find(path => existsSync(path))
  const before = found()
  if (before) return before
  if (process.getuid?.() !== 0) throw new Error(`${program} is missing: apt-get install ${packageName}`)
  await install('apt-get', ['install', '-y', '--no-install-recommends', packageName])
  const after = found()
  if (!after) throw new Error(`${packageName} has no ${program}`)
  return after
}

async function installedVersion(folder: string): Promise<string | undefined> {
  try {
    return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')).version
  } catch {
    return undefined
  }
}

async function install(command: string, args: readonly string[]): Promise<void> {
  console.error(`bench: ${command} ${args.join(' ')}`)
  await runToEnd(command, command, args, INSTALL_TIMEOUT_MS)
}

/** Runs a program that ends by itself. Rejects with its last words if it fails. */
export async function runToEnd(
  name: string,
  command: string,
  args: readonly string[],
  withinMs: number,
): Promise<string> {
  const lines: string[] = []
  const program = await startProgram({
    name,
    // A shell of its own says when the program began, whatever that prints.
    command: 'sh',
    args: ['-c', 'echo began; exec "$0" "$@"', command, ...args],
    ready: line => (line === 'began' ? true : undefined),
    onLine: line => {
      if (line !== 'began') lines.push(line)
    },
  })
  const timer = setTimeout(() => program.kill('SIGKILL'), withinMs)
  const code = await program.exited
  clearTimeout(timer)
  if (code !== 0) throw new Error(`${name} ended with ${code}:\n${program.tail()}`)
  return lines.join('\n')
}
