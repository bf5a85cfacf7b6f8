// Paints on an X display until it is ended: node main.ts DISPLAY WORKLOAD, where `strip` is the barcode alone.
// Prints `ready`, then `painted EPOCH_MS` for each stamp that the server has painted.
import { WORKLOADS, type WorkloadName } from '../workload-names.ts'
import { Strip } from './strip.ts'
import { Surface } from './surface.ts'
import { startWorkload } from './workloads.ts'

const FRAME_MS = 1000 / 60

const [display = '', name = ''] = process.argv.slice(2)
const surface = await Surface.open(display)
void surface.connection.lost.then(() => process.exit(0))
const paintFrame = isWorkload(name) ? await startWorkload(name, surface) : undefined
if (name !== 'click') {
  const strip = new Strip(surface)
  await paint(Date.now(), strip, 0)
  if (paintFrame || name === 'strip') void run(strip)
}
await surface.connection.sync()
console.log('ready')

/** Sixty frames a second; one that the server hasn't painted yet is waited for, so that nothing queues up. */
async function run(strip: Strip): Promise<void> {
  const startedAt = performance.now()
  for (let frame = 0, due = 0; ; frame++) {
    await paint(Date.now(), strip, frame)
    const elapsed = performance.now() - startedAt
    due = Math.max(due + FRAME_MS, elapsed - FRAME_MS)
    await new Promise(resolve => setTimeout(resolve, Math.max(0, due - elapsed)))
  }
}

async function paint(stampMs: number, strip: Strip, frame: number): Promise<void> {
  paintFrame?.(frame)
  strip.paint(stampMs)
  await surface.connection.sync()
  console.log(`painted ${stampMs}`)
}

function isWorkload(word: string): word is WorkloadName | 'click' {
  return word === 'click' || (WORKLOADS as readonly string[]).includes(word)
}
