import { fileURLToPath } from 'node:url'

/** Programs that the service starts, as argument vectors. */
export interface AgentPrograms {
  readonly host: readonly string[]
  readonly release: readonly string[]
  readonly helper: readonly string[]
  readonly consent: readonly string[]
}

/**
 * Where the service's children are, seen from this module: TypeScript files around it when it runs from source,
 * files of `dist/` around its bundle otherwise. The consent window only exists built. From source they run with the same options of Node.
 */
export function findPrograms(moduleUrl: string = import.meta.url): AgentPrograms {
  const isSource = moduleUrl.endsWith('.ts')
  const options = isSource ? process.execArgv : []
  const at = (path: string) => [process.execPath, ...options, fileURLToPath(new URL(path, moduleUrl))]
  return isSource
    ? {
        host: at('../../host/main.ts'),
        release: at('../../host/release.ts'),
        helper: at('../../helper/main.ts'),
        consent: at('../../../dist/main/consent.js'),
      }
    : {
        host: at('./host.js'),
        release: at('./release.js'),
        helper: at('./helper.js'),
        consent: at('../main/consent.js'),
      }
}
