import { benchCapture } from './capture.ts'
import { benchIdle } from './idle.ts'
import { benchSession } from './session.ts'

/** One measured thing: prints a table of `rows` and returns what the JSON line holds. */
export interface BenchResult {
  readonly rows: ReadonlyArray<Readonly<Record<string, string | number>>>
  readonly json: unknown
}

const BENCHES: Readonly<Record<string, () => Promise<BenchResult>>> = {
  capture: benchCapture,
  idle: benchIdle,
  session: benchSession,
}

const name = process.argv[2] ?? ''
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
if (!bench) {
  console.error(`bench: say which: npm run bench -- ${Object.keys(BENCHES).join(' | ')}`)
  process.exit(2)
}
const { rows, json } = await bench()
console.table(rows)
console.log(JSON.stringify(json))
process.exit()
