import { fileURLToPath } from 'node:url'

const KEEP_COMPILED = new URL('keep-compiled.ts', import.meta.url).href

/** The command of a program of ours that runs from source, as its tests start it. */
export const sourceProgram = (entry: string | URL): readonly string[] => [
  process.execPath,
  `--import=${KEEP_COMPILED}`,
  typeof entry === 'string' ? entry : fileURLToPath(entry),
]
