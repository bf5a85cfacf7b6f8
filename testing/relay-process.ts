import { fileURLToPath } from 'node:url'
import { type Program, startProgram } from './program.ts'
import { cleanEnvironment } from './world/programs.ts'

const SOURCE = fileURLToPath(new URL('../relay/main.ts', import.meta.url))

export interface RelayProcessOptions {
  readonly dataDir: string
  readonly port: number
  readonly bootstrapSecret: string
  /** Default: the relay from source. */
  readonly entry?: string | undefined
  /** More settings, by their names. */
  readonly environment?: Readonly<Record<string, string>>
  readonly onLine?: (line: string) => void
}

/** A real relay in a process of its own, on this machine. Resolves when it listens. */
export const startRelayProcess = (options: RelayProcessOptions): Promise<Program> =>
  startProgram({
    name: 'relay',
    command: process.execPath,
    args: [options.entry ?? SOURCE],
    env: cleanEnvironment({
      HANDHOLD_RELAY_HOST: '127.0.0.1',
      HANDHOLD_RELAY_PORT: String(options.port),
      HANDHOLD_RELAY_DATA_DIR: options.dataDir,
      HANDHOLD_RELAY_BOOTSTRAP_SECRET: options.bootstrapSecret,
      ...options.environment,
    }),
    ready: line => (line.includes('"listening"') ? true : undefined),
    ...(options.onLine ? { onLine: options.onLine } : {}),
  })
