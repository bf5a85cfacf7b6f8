import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { MetricSources, Metrics } from '../domain/metrics.ts'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const NANOSECONDS = 1e9
/** Ten wake-ups a second: a relay at rest costs next to nothing. */
const LOOK_EVERY_MS = 100

/** What there is to see of one relay. Every label has few values: no id, no address and no name of anybody is one. */
export function createMetrics(version: string, sources: MetricSources): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const requests = new Counter({
    name: 'handhold_http_requests_total',
    help: 'Answered requests',
    labelNames: ['method', 'route', 'status'],
    registers,
  })
  const seconds = new Histogram({
    name: 'handhold_http_request_seconds',
    help: 'From the request to the last byte of its answer',
    labelNames: ['method', 'route'],
    buckets: SECONDS,
    registers,
  })
  const ended = new Counter({
    name: 'handhold_sessions_ended_total',
    help: 'Sessions that are over, by how they ended',
    labelNames: ['reason'],
    registers,
  })
  new Gauge({ name: 'handhold_info', help: 'The program', labelNames: ['version'], registers }).set({ version }, 1)
  gauge('handhold_devices_connected', 'Devices whose connection is open', sources.devicesConnected)
  gauge('handhold_operators_connected', 'Open sockets of operators', sources.operatorsConnected)
  gauge('handhold_storage_full', '1 while new work is refused because the disk is full', () => +sources.isStorageFull())
  gauge('handhold_audit_sequence', 'Number of the newest row of the audit', sources.auditSequence)
  gauge('handhold_audit_exported_sequence', 'The last row that the target of the export has', sources.auditExported)
  byLabel('handhold_sessions', 'Sessions that are not over, by state', 'state', sources.openSessions)
  byLabel('handhold_deliveries', 'Deliveries of webhooks that have not arrived', 'status', sources.deliveries)
  const stopProcess = addProcess(gauge)
  return {
    contentType: registry.contentType,
    observe({ method, route, status, elapsedMs }) {
      requests.inc({ method, route, status })
      seconds.observe({ method, route }, elapsedMs / 1000)
    },
    sessionEnded: reason => ended.inc({ reason }),
    text: () => registry.metrics(),
    close: stopProcess,
  }

  function gauge(name: string, help: string, read: () => number | Promise<number>): void {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set(await read())
      },
    })
  }

  function byLabel(name: string, help: string, label: string, read: () => Promise<ReadonlyMap<string, number>>): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      async collect() {
        const counts = await read()
        this.reset()
        for (const [value, count] of counts) this.set({ [label]: value }, count)
      },
    })
  }
}

/** The library's own set would watch the process for ever; a relay that is closed leaves nothing behind. */
function addProcess(gauge: (name: string, help: string, read: () => number) => void): () => void {
  const delay = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS })
  delay.enable()
  gauge('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss())
  gauge('process_cpu_seconds_total', 'Processor time of user and system', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  gauge('process_start_time_seconds', 'Start of the process', () => Math.round(Date.now() / 1000 - process.uptime()))
  gauge('handhold_event_loop_delay_p99_seconds', 'How late timers were since the last look, 99th percentile', () => {
    // What is recorded is the time from one look to the next.
    const p99 = delay.percentile(99) / NANOSECONDS - LOOK_EVERY_MS / 1000
    delay.reset()
    return Math.max(0, p99)
  })
  return () => delay.disable()
}
