import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { root } from './run-step.ts'

const SOURCES = join(root, 'agent/pixels/kernel')
/** Beside the module that loads it; programs that are built get a copy of their own. */
export const KERNEL_PATH = join(root, 'agent/pixels/kernel.wasm')

/** Compiles the agent's pixel kernel when its sources are newer than what is there. Throws with the compiler's words when they are wrong. */
export async function buildKernel(): Promise<void> {
  const newestMs = Math.max(...readdirSync(SOURCES).map(name => statSync(join(SOURCES, name)).mtimeMs))
  if (existsSync(KERNEL_PATH) && statSync(KERNEL_PATH).mtimeMs > newestMs) return
  const { error, stderr } = await asc.main([
    join(SOURCES, 'index.ts'),
    ...['--outFile', KERNEL_PATH, '-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--importMemory'],
  ])
  if (error) throw new Error(`the pixel kernel doesn't compile: ${error.message}\n${stderr.toString()}`)
}

/** For test runners that want to be told before they start. */
export default buildKernel
