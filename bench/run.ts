import { benchCapture } from './capture.ts'
import { benchIdle } from './idle.ts'
import type { BenchResult } from './result.ts'
import { benchSession } from './session.ts'

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
