import { setTimeout as sleep } from 'node:timers/promises'
import { openDevice } from '../e2e/fixtures/device.ts'
import { hostProcessOf } from '../e2e/fixtures/device-facts.ts'
import { measureProcess } from '../testing/process-usage.ts'
import { OperatorPage } from '../testing/world/operator-page.ts'
import { startOperatorProgram } from '../testing/world/operator-program.ts'
import { startRelayProgram } from '../testing/world/relay-program.ts'
import { startXDisplay } from '../testing/x-display.ts'
import type { BenchResult } from './result.ts'

const MEASURED_MS = 30_000
/** The codec refines a still picture for a moment after the first frame; that is not idle yet. */
const SETTLE_MS = 5_000
/** Enrolment, the first inventory, and the memory of both that is given back five seconds later, are not rest. */
const REST_AFTER_MS = 15_000

/** What the device's processes use with no session, and with a viewer on a screen that doesn't change. */
export async function benchIdle(): Promise<BenchResult> {
  const relay = await startRelayProgram()
  const device = await openDevice(relay, { width: 1920, height: 1080 })
  const operatorDisplay = await startXDisplay({ width: 1440, height: 900 })
  const operator = await startOperatorProgram({ display: operatorDisplay.name })
  try {
    await sleep(REST_AFTER_MS)
    const [service, relayIdle] = await Promise.all([
      measureProcess(device.program.pid, MEASURED_MS),
      measureProcess(relay.pid, MEASURED_MS),
    ])
    const page = new OperatorPage(operator.page)
    await page.signIn(relay.url, relay.administrator)
    device.person.listenTo(page)
    await page.requestSession('Idle')
    await device.person.accept()
    await page.firstFrameAtMs()
    await sleep(SETTLE_MS)
    const hostPid = await hostProcessOf(device)
    if (hostPid === undefined) throw new Error('the session has no host process')
    const [host, serviceInSession] = await Promise.all([
      measureProcess(hostPid, MEASURED_MS),
      measureProcess(device.program.pid, MEASURED_MS),
    ])
    const json = { service, relay: relayIdle, hostWithViewer: host, serviceWithViewer: serviceInSession }
    const rows = Object.entries(json).map(([process, usage]) => ({
      process,
      'CPU % of a core': usage.cpuPct,
      'RSS MiB': usage.rssMiB,
    }))
    return { rows, json }
  } finally {
    await operator.stop()
    await operatorDisplay.stop()
    await device.stop()
    await relay.stop()
  }
}
