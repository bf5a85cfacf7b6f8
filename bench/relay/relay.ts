import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePort } from '#testing/free-port.ts'
import { measureProcess } from '#testing/process-usage.ts'
import { startProgram } from '#testing/program.ts'
import { builtProgram, cleanEnvironment } from '#testing/world/programs.ts'
import { percentile } from '#testing/world/received-picture.ts'
import type { BenchResult, Row } from '../result.ts'
import { measureEnrolment } from './enrol.ts'
import { KINDS, type Load, runLoad } from './load.ts'
import { readRelaySize } from './options.ts'
import { seed } from './seed.ts'

const WARM_UP_MS = 5_000
const FLOOD_MS = 8_000
const START_WITHIN_MS = 120_000
/** A person who works through a list: a look at each answer before the next question. */
const THINK_MS = 1_000

/** A relay with the database of a large organisation, and fifty people who work with it at once. */
export async function benchRelay(args: readonly string[]): Promise<BenchResult> {
  const { devices, groups, 'audit-rows': auditRows, operators, seconds, agents } = readRelaySize(args)
  const dataDir = await mkdtemp(join(tmpdir(), 'handhold-bench-relay-'))
  try {
    const seededAt = performance.now()
    const filled = await seed(dataDir, { devices, groups, auditRows, operators })
    console.log(
      `seeded ${devices} devices, ${groups} groups, ${auditRows} audit rows in ${Math.round((performance.now() - seededAt) / 1000)} s`,
    )
    // Its first start signs heads over a million rows at once, which no relay does that wrote them itself.
    await (await startRelay(dataDir)).program.stop()
    const { program: relay, url } = await startRelay(dataDir)
    try {
      const options = { url, seed: filled, thinkMs: THINK_MS }
      await runLoad({ ...options, durationMs: WARM_UP_MS })
      const calm = await runLoad({ ...options, durationMs: seconds * 1000 })
      const { rssMiB } = await measureProcess(relay.pid, 500)
      const flood = await runLoad({ ...options, thinkMs: 0, durationMs: FLOOD_MS })
      await relay.stop()
      const enrolment = await measureEnrolment(agents)
      return resultOf(calm, flood, rssMiB, enrolment)
    } finally {
      await relay.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

async function startRelay(dataDir: string) {
  const port = await findFreePort()
  const program = await startProgram({
    name: 'relay',
    command: process.execPath,
    args: [builtProgram('relay/relay.js')],
    env: cleanEnvironment({
      HANDHOLD_RELAY_PORT: String(port),
      HANDHOLD_RELAY_DATA_DIR: dataDir,
      HANDHOLD_RELAY_TRUSTED_PROXY_HOPS: '1',
    }),
    ready: line => (line.includes('"listening"') ? true : undefined),
    readyWithinMs: START_WITHIN_MS,
  })
  return { program, url: `http://127.0.0.1:${port}` }
}

function resultOf(
  calm: Load,
  flood: Load,
  relayRssMiB: number,
  enrolment: Awaited<ReturnType<typeof measureEnrolment>>,
): BenchResult {
  const p99 = (load: Load, kind: (typeof KINDS)[number]) => round(percentile(load.elapsedMs[kind], 0.99))
  const rows: Row[] = KINDS.map(kind => ({
    what: kind,
    requests: calm.elapsedMs[kind].length,
    'p50 ms': round(percentile(calm.elapsedMs[kind], 0.5)),
    'p99 ms': p99(calm, kind),
    'saturated p99 ms': p99(flood, kind),
  }))
  const rate = (load: Load) => Math.round(load.requests / load.seconds)
  const more = [
    [{ what: 'requests/s', 'with a second to think': rate(calm), saturated: rate(flood) }],
    [
      { what: 'relay RSS, MiB', is: relayRssMiB },
      { what: `seconds until ${enrolment.enrolAgents} agents are enrolled and welcomed`, is: enrolment.enrolSeconds },
    ],
  ]
  const json = {
    listP99Ms: p99(calm, 'list'),
    searchP99Ms: p99(calm, 'search'),
    filterP99Ms: p99(calm, 'filter'),
    auditPageP99Ms: p99(calm, 'auditPage'),
    policyP99Ms: p99(calm, 'policy'),
    ...enrolment,
    relayRssMiB,
  }
  return { rows, more, json }
}

const round = (value: number) => Math.round(value * 10) / 10
