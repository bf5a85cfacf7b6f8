import { z } from 'zod'
import type { ScriptRunCalls } from '#ipc/admin/scripts.ts'
import type { CallHandlers } from '#ipc/contract.ts'
import { HandholdError } from '#protocol/errors.ts'
import { thumbprintOf } from '#protocol/keys.ts'
import { scriptsReplySchema } from '#protocol/scripts/http.ts'
import { scriptOutputReplySchema, scriptRunReplySchema } from '#protocol/scripts/runs-http.ts'
import { scriptDigest, valuesProblem } from '#protocol/scripts/script.ts'
import type { Auth } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import type { SecretStore, Shell } from '../shell/shell.ts'
import type { DevicePins } from '../trust/device-pins.ts'
import { type OperatorTrust, type SignedIn, signedIn } from '../trust/operator-trust.ts'
import { LiveOutput } from './live-output.ts'
import { signRunOrder } from './order.ts'
import { readOutput } from './output.ts'
import { openOutputKey } from './output-key.ts'
import { runTable } from './run-table.ts'

export interface ScriptRunsDependencies {
  readonly auth: Pick<Auth, 'state' | 'credentials'>
  readonly secrets: SecretStore
  readonly trust: Pick<OperatorTrust, 'own'>
  readonly pins: Pick<DevicePins, 'list'>
  readonly shell: Pick<Shell, 'saveFile'>
  readonly nowMs?: () => number
}

export type ScriptRuns = CallHandlers<{ calls: ScriptRunCalls; events: Record<never, never> }>

const approved = z.object({ scripts: scriptsReplySchema.shape.scripts })

const pathOf = (runId: string) => `/v1/script-runs/${runId}`

/** Orders scripts with this app's key, and reads what they printed with it. The relay gets what is signed and keeps what is sealed. */
export function setupScriptRuns(dependencies: ScriptRunsDependencies): ScriptRuns {
  const { auth, secrets, trust, pins, shell, nowMs = Date.now } = dependencies

  const live = new LiveOutput()

  async function requireScript({ origin, token }: SignedIn, scriptId: string, digest: string) {
    const path = '/v1/scripts?limit=200'
    const { scripts } = await requestRelay(origin, { method: 'GET', path, token, reply: approved })
    const script = scripts.find(({ id }) => id === scriptId)
    // Counted here: the relay could say the digest of the one and show the text of another.
    if (!script || digest !== (await scriptDigest(script.definition)))
      throw new HandholdError('not-found', 'This script isn’t what it was when you looked at it. Look again.')
    return script
  }

  const readRun = async ({ origin, token }: SignedIn, runId: string) =>
    (await requestRelay(origin, { method: 'GET', path: pathOf(runId), token, reply: scriptRunReplySchema })).run

  return {
    async startScriptRun({ scriptId, digest, values, reason, deviceIds, timeLimitS, waitMs }) {
      const who = signedIn(auth)
      const { definition } = await requireScript(who, scriptId, digest)
      const problem = valuesProblem(definition.parameters, values)
      if (problem) throw new HandholdError('bad-request', problem)
      const { key, certificate } = await trust.own()
      const { publicKey: sealKey } = await openOutputKey(secrets, who)
      const { organisationId, userId: operatorId, origin, token } = who
      const said = { organisationId, operatorId, digest, tool: definition.tool, values, reason, timeLimitS, sealKey }
      const order = await signRunOrder(key, { ...said, deviceIds, waitMs }, nowMs())
      const body = { scriptId, deviceIds, order, ...(certificate !== null && { certificate }) }
      return requestRelay(origin, { method: 'POST', path: '/v1/script-runs', token, body, reply: scriptRunReplySchema })
    },

    async scriptOutput({ runId, deviceId }) {
      const who = signedIn(auth)
      const { origin, token } = who
      const run = await readRun(who, runId)
      const device = run.devices.find(row => row.deviceId === deviceId)
      if (!device) throw new HandholdError('not-found', 'The script was not run on this device.')
      const { key } = await trust.own()
      if (run.orderedBy !== (await thumbprintOf(key.publicKey)))
        throw new HandholdError(
          'forbidden',
          `Only the app with which ${run.operator.name} ordered this can read what it printed: it is sealed for that one.`,
        )
      const known = (await pins.list(origin)).find(pin => pin.deviceId === deviceId)
      if (known && known.key.x !== device.deviceKey.x)
        throw new HandholdError(
          'identity-changed',
          `${device.deviceName} shows another key than in your sessions with it.`,
        )
      const askFor = async (from: number) =>
        (
          await requestRelay(origin, {
            method: 'GET',
            path: `${pathOf(runId)}/devices/${deviceId}/output?from=${from}`,
            token,
            reply: scriptOutputReplySchema,
          })
        ).parts
      const { privateKey } = await openOutputKey(secrets, who)
      if (device.result) return readOutput(privateKey, runId, device, await askFor(0))
      return { text: await live.read(privateKey, { runId, deviceId }, askFor), isCut: false }
    },

    async saveScriptRun({ runId }) {
      const run = await readRun(signedIn(auth), runId)
      const day = new Date(run.startedAtMs).toISOString().slice(0, 10)
      const name = await shell.saveFile({ suggestedName: `script-run-${day}.csv`, contents: runTable(run) })
      return name === undefined ? null : { name }
    },
  }
}
