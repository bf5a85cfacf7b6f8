import './small-memory.ts'
import '../links/plain-schemas.ts'

import { runAgent } from './run.ts'

const verb = process.argv.slice(2)
if (verb.length === 0) runAgent()
else {
  // Loaded for a person at a terminal only: the service has no use for it.
  const { runVerb } = await import('./install/command.ts')
  process.exitCode = await runVerb(verb)
}
