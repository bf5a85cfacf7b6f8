import { benchCapture } from './capture.ts'
import { benchIdle } from './idle.ts'
import type { BenchResult } from './result.ts'
import { OptionsError } from './screen/options.ts'
import { benchScreen } from './screen/screen.ts'
import { benchSession } from './session.ts'

const BENCHES: Readonly<Record<string, (args: readonly string[]) => Promise<BenchResult>>> = {
  capture: benchCapture,
  idle: benchIdle,
  screen: benchScreen,
  session: benchSession,
}

const [name = '', ...args] = process.argv.slice(2)
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
if (!bench) {
  console.error(`bench: say which: npm run bench -- ${Object.keys(BENCHES).join(' | ')}`)
  process.exit(2)
}
try {
  const { rows, json } = await bench(args)
  console.table(rows)
  console.log(JSON.stringify(json))
} catch (thrown) {
  if (!(thrown instanceof OptionsError)) throw thrown
  console.error(`bench: ${thrown.message}`)
  process.exit(2)
}
process.exit()
