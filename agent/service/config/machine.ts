import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const REG_TIMEOUT_MS = 10_000
const OUTPUT_MAX_BYTES = 1024 * 1024

/** What configuration is read from, besides the environment. */
export interface Machine {
  readonly platform: NodeJS.Platform
  /** Undefined when there is no such file; throws when it can't be read. */
  readFile(path: string): Buffer | undefined
  /** What `reg.exe query` prints of a key; undefined when there is no such key. */
  queryRegistry(key: string): string | undefined
}

export const thisMachine: Machine = {
  platform: process.platform,
  readFile(path) {
    try {
      return readFileSync(path)
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined
      throw thrown
    }
  },
  queryRegistry(key) {
    // By its full path: what a PATH leads to isn't asked.
    const program = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'reg.exe')
    try {
      return execFileSync(program, ['query', key, '/reg:64'], {
        encoding: 'latin1',
        timeout: REG_TIMEOUT_MS,
        maxBuffer: OUTPUT_MAX_BYTES,
        stdio: ['ignore', 'pipe', 'ignore'],
        windowsHide: true,
      })
    } catch (thrown) {
      // 1: there is no such key.
      if (thrown instanceof Error && 'status' in thrown && thrown.status === 1) return undefined
      throw thrown
    }
  },
}
