import { type CheckTimings, runCheck } from '../scripts/demo/check.ts'
import { openDemoWorld } from '../scripts/demo/world.ts'
import { percentile } from '../testing/world/received-picture.ts'
import type { BenchResult } from './result.ts'

const RUNS = 3

/** The main job as `npm run demo -- --check` does it, the median of three. */
export async function benchSession(): Promise<BenchResult> {
  const runs: CheckTimings[] = []
  for (let run = 0; run < RUNS; run++) {
    const world = await openDemoWorld({ cdpPort: undefined, needsHands: true, say: () => undefined })
    try {
      runs.push(await runCheck(world, () => undefined))
    } finally {
      await world.stop()
    }
  }
  const median = (pick: (run: CheckTimings) => number) => percentile(runs.map(pick), 0.5)
  const json = {
    clickToConsentMs: median(run => run.clickToConsentMs),
    acceptToFirstFrameMs: median(run => run.acceptToFirstFrameMs),
    proofMs: median(run => run.proofMs),
    inputToPixelMs: { p50: median(run => run.inputToPixelMs.p50), p95: median(run => run.inputToPixelMs.p95) },
    endMs: median(run => run.endMs),
  }
  const rows = [
    { what: 'click to consent', ms: json.clickToConsentMs },
    { what: 'accept to first frame', ms: json.acceptToFirstFrameMs },
    { what: 'of which the proof', ms: json.proofMs },
    { what: 'input to pixel p50', ms: json.inputToPixelMs.p50 },
    { what: 'input to pixel p95', ms: json.inputToPixelMs.p95 },
    { what: 'end', ms: json.endMs },
  ]
  return { rows, json }
}
