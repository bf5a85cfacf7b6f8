import { benchCapture } from './capture.ts'
import { benchConsent } from './consent.ts'
import { benchIdle } from './idle.ts'
import { benchLists } from './lists.ts'
import { benchRelay } from './relay/relay.ts'
import type { BenchResult } from './result.ts'
import { OptionsError } from './screen/options.ts'
import { benchScreen } from './screen/screen.ts'
import { benchSoak } from './screen/soak.ts'
import { benchSession } from './session.ts'
import { benchSignIn } from './sign-in.ts'
import { benchSlowLink } from './slow-link.ts'
import { benchTools } from './tools.ts'
import { benchTrust } from './trust.ts'
import { benchUnattended } from './unattended/unattended.ts'

const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<BenchResult>>> = {
  capture: benchCapture,
  consent: benchConsent,
  idle: benchIdle,
  lists: benchLists,
  relay: benchRelay,
  screen: benchScreen,
  session: benchSession,
  'sign-in': benchSignIn,
  'slow-link': benchSlowLink,
  soak: benchSoak,
  tools: benchTools,
  trust: benchTrust,
  unattended: benchUnattended,
}

// Every program that was started ends with this one, but only where it ends by itself.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

const [name = '', ...args] = process.argv.slice(2)
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
if (!bench) {
  console.error(`bench: say which: npm run bench -- ${Object.keys(BENCHES).join(' | ')}`)
  process.exit(2)
}
try {
  const { rows, more = [], json } = await bench(args)
  for (const table of [rows, ...more]) if (table.length > 0) console.table(table)
  console.log(JSON.stringify(json))
} catch (thrown) {
  if (!(thrown instanceof OptionsError)) throw thrown
  console.error(`bench: ${thrown.message}`)
  process.exit(2)
}
process.exit()
