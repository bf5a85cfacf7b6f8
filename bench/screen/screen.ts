import type { BenchResult } from '../result.ts'
import type { Contender } from './contender.ts'
import { openHandhold } from './handhold.ts'
import { readScreenOptions } from './options.ts'
import { openMeshCentral } from './peers/meshcentral.ts'
import { openNovncTiger } from './peers/novnc.ts'
import { jsonOf } from './report/json.ts'
import { medianRun } from './report/median.ts'
import { ratioRows } from './report/ratios.ts'
import { sessionRows, workloadRows } from './report/rows.ts'
import { type ContenderRun, runContender } from './run-contender.ts'

/** By the name that the JSON gives them. */
const PEERS: Readonly<Record<string, () => Promise<Contender>>> = {
  novncTiger: openNovncTiger,
  meshcentral: openMeshCentral,
}

/** The screen as the operator sees it, of Handhold and of its peers, with the same painter and the same eyes. */
export async function benchScreen(args: readonly string[]): Promise<BenchResult> {
  const options = readScreenOptions(args)
  const contenders = Object.entries({ handhold: openHandhold, ...(options.hasPeers ? PEERS : {}) })
  const runs = new Map<string, ContenderRun[]>()
  // Run by run and not product by product, so that a noisy minute of the machine falls on all of them.
  for (let run = 1; run <= options.runs; run++)
    for (const [name, open] of contenders) {
      const say = (text: string) => console.error(`run ${run}, ${name}: ${text}`)
      try {
        runs.set(name, [...(runs.get(name) ?? []), await runContender(open, options, say)])
      } catch (thrown) {
        if (name === 'handhold') throw thrown
        say(`left out: ${(thrown as Error).message}`)
      }
    }
  const medians = new Map([...runs].map(([name, all]) => [name, medianRun(all)]))
  return { rows: workloadRows(medians), more: [sessionRows(medians), ratioRows(medians)], json: jsonOf(medians) }
}
