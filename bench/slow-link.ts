import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChild } from '../agent/links/child.ts'
import { type HostToService, hostToServiceSchema, type ServiceToHost } from '../agent/links/host-link.ts'
import { idFromBytes } from '../protocol/ids.ts'
import { type AnsweringPeer, createAnsweringPeer } from '../testing/answering-peer.ts'
import { type LinkShape, SlowLink } from '../testing/slow-link.ts'
import { percentile } from '../testing/world/received-picture.ts'
import { startXDisplay } from '../testing/x-display.ts'
import type { BenchResult } from './result.ts'
import { momentOf, STRIP } from './screen/barcode.ts'
import { startPainter } from './screen/painter/program.ts'
import type { WorkloadName } from './screen/workload-names.ts'

const HOST = fileURLToPath(new URL('../dist/agent/host.js', import.meta.url))
const SIZE = { width: 1920, height: 1080 }
const WORKLOADS: readonly WorkloadName[] = ['typing', 'scroll', 'windows', 'video', 'photo', 'changes']
const WARM_UP_MS = 4_000
/** What home routers hold, about: a second of the slow link. */
const QUEUE_BYTES = 128 * 1024

interface Figures {
  readonly fps: number
  readonly p50AgeMs: number
  readonly p95AgeMs: number
  readonly maxAgeMs: number
}

/** How old the picture is that an operator looks at over a slow link, while the device's screen changes in several ways. */
export async function benchSlowLink(args: readonly string[]): Promise<BenchResult> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      seconds: { type: 'string', default: '10' },
      kbps: { type: 'string', default: '1000' },
      'round-trip-ms': { type: 'string', default: '100' },
    },
  })
  const shape = { kbps: Number(values.kbps), delayMs: Number(values['round-trip-ms']) / 2, queueBytes: QUEUE_BYTES }
  const json: Record<string, Figures> = {}
  for (const workload of WORKLOADS.filter(name => values.only?.split(',').includes(name) ?? true)) {
    json[workload] = await measure(workload, shape, Number(values.seconds) * 1000)
  }
  const rows = Object.entries(json).map(([workload, figures]) => ({ workload, ...figures }))
  return { rows, json: { kbps: shape.kbps, roundTripMs: shape.delayMs * 2, ...json } }
}

async function measure(workload: WorkloadName, shape: LinkShape, durationMs: number): Promise<Figures> {
  const display = await startXDisplay(SIZE)
  const painter = await startPainter(display.name, workload)
  const link = new SlowLink(shape)
  const host = startChild<HostToService, ServiceToHost>({
    command: [process.execPath, HOST],
    environment: { PATH: process.env.PATH ?? '' },
    incoming: hostToServiceSchema,
    onMessage: message => {
      if (message.type === 'ready')
        host.send({ type: 'start', sessionId: idFromBytes('session', new Uint8Array(16)), scopes: ['view'] })
      if (message.type === 'signal')
        void link.fromAgent(message.signal).then(signal => signal && peer.handleSignal(signal))
      if (message.type === 'fingerprints') host.send({ type: 'trust-peer' })
      if (message.type === 'peer-trusted') peer.trust()
    },
    onInvalid: () => undefined,
    onLine: line => console.error(line),
  })
  const peer = createAnsweringPeer(signal => {
    const passed = link.fromOperator(signal)
    if (passed) host.send({ type: 'signal', signal: passed })
  })
  try {
    host.send({ type: 'prepare', target: { platform: 'linux', displayAddress: display.name } })
    await peer.picture(() => true)
    await new Promise(resolve => setTimeout(resolve, WARM_UP_MS))
    return await watch(peer, durationMs)
  } finally {
    peer.close()
    host.kill()
    await host.exited
    link.close()
    await painter.stop()
    await display.stop()
  }
}

/** Looks at what is shown every 5 ms, as eyes would: a picture that stays gets older. */
async function watch(peer: AnsweringPeer, durationMs: number): Promise<Figures> {
  const ages: number[] = []
  const stamps = new Set<number>()
  for (const endMs = Date.now() + durationMs; Date.now() < endMs; ) {
    const nowMs = Date.now()
    const shown = peer.shown()
    const painted = shown && momentOf(stampIn(shown), nowMs)
    if (painted !== undefined && nowMs - painted < 20_000) {
      ages.push(nowMs - painted)
      stamps.add(painted)
    }
    await new Promise(resolve => setTimeout(resolve, 5))
  }
  const rounded = (value: number) => Math.round(value * 10) / 10
  return {
    fps: rounded(stamps.size / (durationMs / 1000)),
    p50AgeMs: percentile(ages, 0.5),
    p95AgeMs: percentile(ages, 0.95),
    maxAgeMs: Math.max(...ages),
  }
}

function stampIn(luma: (x: number, y: number) => number): number {
  let stamp = 0
  for (let cell = 0; cell < STRIP.cells; cell++) {
    const x = STRIP.x + cell * STRIP.cellSize + STRIP.cellSize / 2
    if (luma(x, STRIP.y + STRIP.cellSize / 2) < 128) stamp |= 1 << cell
  }
  return stamp
}
