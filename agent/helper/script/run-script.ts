import { userInfo } from 'node:os'
import { toWireError } from '#protocol/errors.ts'
import { type RunGrantClaims, verifyRun } from '#protocol/scripts/run-grant.ts'
import { sealOutput } from '#protocol/scripts/run-output.ts'
import { systemClock } from '../../links/clock.ts'
import { openParentChannel } from '../../links/parent.ts'
import {
  type ScriptBegin,
  type ScriptToService,
  type ServiceToScript,
  serviceToScriptSchema,
} from '../../links/script-link.ts'
import { sayToSystem } from '../system-log.ts'
import { executeScript } from './execute.ts'
import { KeptOutput } from './kept-output.ts'
import { LivePace } from './live-pace.ts'

/** Runs this process as the helper of one script: it checks grant and order itself, runs that script once, seals what it prints, and exits. */
export function runScript(): void {
  const stop = new AbortController()
  let isBegun = false
  const parent = openParentChannel<ServiceToScript, ScriptToService>(serviceToScriptSchema, message => {
    if (message.type === 'stop') return stop.abort()
    if (isBegun || !parent) return
    isBegun = true
    void run(message, stop.signal, said => parent.send(said))
      .then(() => parent.flushed())
      .then(() => process.exit(0))
  })
  if (!parent) {
    console.error('This program is started by handhold-agent and does nothing by itself.')
    process.exit(2)
  }
  // Without the service there is nobody to stop it any more.
  for (const event of ['disconnect', 'SIGTERM', 'SIGINT']) process.on(event, () => stop.abort())
}

const agreedBy = ({ approvedBy }: RunGrantClaims): string => (approvedBy ? `, agreed to by ${approvedBy}` : '')

/** Never rejects: the last word is how it ended, or why nothing was run. */
async function run(begin: ScriptBegin, signal: AbortSignal, send: (message: ScriptToService) => void): Promise<void> {
  try {
    const { deviceId, passKeys: keys } = begin
    const { claims, order } = await verifyRun(begin.run, { keys, deviceId, nowMs: systemClock.wallMs() })
    const user = userInfo()
    const startMs = systemClock.monotonicMs()
    let sealed = Promise.resolve()
    const output = new KeptOutput(({ part, bytes, text }) => {
      const place = { run: order.runId, device: deviceId, part }
      sealed = sealed.then(async () =>
        send({ type: 'part', part, bytes, sealed: await sealOutput(order.sealKey, place, text) }),
      )
    })
    const pace = new LivePace(systemClock, () => output.tell())
    sayToSystem(
      `${claims.label} ran the script ${claims.script.name} as ${user.username} without a session, run ${order.runId}${agreedBy(claims)}: ${order.reason}`,
    )
    const end = await executeScript({
      order: { ...claims.script, definition: begin.run.definition, values: order.values },
      operator: claims.label,
      user,
      timeLimitMs: order.timeLimitS * 1000,
      clock: systemClock,
      onOutput: bytes => {
        output.write(bytes)
        if (output.isUntold) pace.soon()
      },
      signal,
    })
    pace.stop()
    const durationMs = Math.round(systemClock.monotonicMs() - startMs)
    const kept = output.finish()
    await sealed
    send({ type: 'ended', result: { ...end, durationMs, ...kept } })
  } catch (thrown) {
    send({ type: 'refused', why: toWireError(thrown) })
  }
}
