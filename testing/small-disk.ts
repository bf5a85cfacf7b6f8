import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const BLOCK = Buffer.alloc(4096, 1)

/** A disk of a few MiB, in memory, that a test may fill: it takes root, and the right to mount. */
export class SmallDisk {
  readonly path: string

  private constructor(path: string) {
    this.path = path
  }

  /** Undefined where this machine doesn't let the test mount one. */
  static mount(mib: number): SmallDisk | undefined {
    const path = mkdtempSync(join(tmpdir(), 'handhold-disk-'))
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', path], { stdio: 'ignore' })
      return new SmallDisk(path)
    } catch {
      rmdirSync(path)
      return undefined
    }
  }

  /** Until not one block more is taken. */
  fill(): void {
    const file = openSync(join(this.path, 'other'), 'w')
    try {
      for (;;) writeSync(file, BLOCK)
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ENOSPC') throw thrown
    } finally {
      closeSync(file)
    }
  }

  clear(): void {
    rmSync(join(this.path, 'other'), { force: true })
  }

  /** What still has a file open there keeps it until it closes it. */
  unmount(): void {
    execFileSync('umount', ['--lazy', this.path], { stdio: 'ignore' })
    rmdirSync(this.path)
  }
}
