import { parseArgs } from 'node:util'

export interface DemoOptions {
  /** Do the main job once and end. */
  readonly check: boolean
  /** Where the operator window's DevTools protocol listens, on 127.0.0.1. */
  readonly cdpPort: number | undefined
}

const HELP = `npm run demo [-- --check] [-- --cdp PORT]

  --check     sign in, start a session, accept, type, end; print timings as JSON; exit 0 only if all of it happened
  --cdp PORT  open the operator window's DevTools protocol on 127.0.0.1:PORT`

/** Ends the process with help or a clear message where the arguments ask for it. */
export function readDemoOptions(args: readonly string[]): DemoOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { check: { type: 'boolean' }, cdp: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    })
    if (values.help) {
      console.log(HELP)
      process.exit(0)
    }
    return { check: values.check ?? false, cdpPort: values.cdp === undefined ? undefined : portOf(values.cdp) }
  } catch (thrown) {
    console.error(`demo: ${(thrown as Error).message}\n\n${HELP}`)
    process.exit(2)
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 1024 && port <= 65_535) return port
  throw new Error(`--cdp takes a port from 1024 to 65535, for example --cdp 9333; "${text}" is none`)
}
