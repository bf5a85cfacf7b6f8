import { HandholdError, toWireError, type WireError } from '#protocol/errors.ts'
import { RUN_MESSAGE_MAX } from '#protocol/scripts/limits.ts'
import { deviceMark, RUN_ORDER, type RunOrder } from '#protocol/scripts/run-order.ts'
import type { RunSummary, RunView } from '#protocol/scripts/runs-http.ts'
import { type ScriptDefinition, valuesProblem } from '#protocol/scripts/script.ts'
import { toDisplayLine } from '#protocol/text.ts'
import { readStatement } from '#protocol/trust/signed.ts'
import { userActor } from '../audit.ts'
import type { Clock } from '../clock.ts'
import type { Devices } from '../devices.ts'
import { requireActive } from '../enrolment/device-status.ts'
import type { AgentGateway } from '../gateways.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { DeviceRecord, Store } from '../store.ts'
import type { OrganisationTrust } from '../trust/organisation-trust.ts'
import { permitRun } from './run-permits.ts'
import { isRunOver } from './run-states.ts'
import type { RunRecord } from './run-store.ts'
import { runSummary, runView } from './run-views.ts'
import type { Scripts } from './scripts.ts'

export interface ScriptRunsParts {
  readonly store: Store
  readonly clock: Clock
  readonly agents: AgentGateway
  readonly devices: Devices
  readonly policies: Policies
  readonly scripts: Pick<Scripts, 'requireApproved'>
  readonly trust: Pick<OrganisationTrust, 'requireCertifiedRun'>
  /** There is something to bring to devices. */
  readonly onOrdered: () => void
}

export interface RunWish {
  readonly scriptId: string
  readonly deviceIds: readonly string[]
  readonly order: string
  readonly certificate?: string | undefined
}

type ScriptTool = ScriptDefinition['tool']

interface Asked {
  readonly device: DeviceRecord
  readonly why: WireError | null
}

/** Approved scripts on selections of devices: who orders one, sees it and cancels it. What it printed stays sealed for the app that ordered it. */
export class ScriptRuns {
  readonly #parts: ScriptRunsParts

  constructor(parts: ScriptRunsParts) {
    this.#parts = parts
  }

  /**
   * Takes an order for as many devices as it names; the policy is asked for each now, and again when its turn comes: where it says no, that device's row
   * does. Throws `not-found` for a script or a device, `proof-invalid` for an order of something else, and what a device of a strict organisation would.
   */
  async create(principal: Principal, wish: RunWish): Promise<RunView> {
    const { store, clock, agents, scripts, trust, onOrdered } = this.#parts
    const script = await scripts.requireApproved(principal, wish.scriptId)
    const { claims: order, thumbprint } = await readStatement(RUN_ORDER, wish.order)
    const nowMs = clock.nowMs()
    await requireOrderOf(order, principal, script.digest, wish.deviceIds, nowMs)
    const problem = valuesProblem(script.definition.parameters, order.values)
    if (problem) throw new HandholdError('bad-request', problem)
    if (JSON.stringify([wish.order, script.definition]).length > RUN_MESSAGE_MAX)
      throw new HandholdError(
        'bad-request',
        'Script and values are too long together. Choose fewer devices or shorter values.',
      )
    const { tool } = script.definition
    await trust.requireCertifiedRun(wish.certificate, { ...order, key: thumbprint })
    const asked: Asked[] = []
    for (const deviceId of wish.deviceIds) asked.push(await this.#asked(principal, deviceId, tool, nowMs))
    const run: RunRecord = {
      id: order.runId,
      organisationId: principal.organisation.id,
      operator: { id: principal.user.id, name: principal.user.name, email: principal.user.email },
      scriptId: script.id,
      scriptName: script.name,
      digest: script.digest,
      definition: script.definition,
      values: order.values,
      timeLimitS: order.timeLimitS,
      order: wish.order,
      certificate: wish.certificate ?? null,
      orderedBy: thumbprint,
      startedAtMs: nowMs,
      expiresAtMs: order.expiresAtMs,
    }
    await store.write(async tx => {
      if (await tx.scriptRuns.run(run.id)) throw new HandholdError('proof-invalid', 'This order was used already.')
      await tx.scriptRuns.insertRun(
        run,
        asked.map(({ device: { id, name, key }, why }) => ({ deviceId: id, deviceName: name, deviceKey: key, why })),
      )
      const values = Object.entries(run.values).map(([name, value]) => [name, toDisplayLine(value, 80)])
      await tx.audit({
        organisationId: run.organisationId,
        atMs: nowMs,
        actor: userActor(principal.user),
        action: 'script.run-ordered',
        subject: run.id,
        detail: {
          script: run.scriptName,
          digest: run.digest,
          devices: asked.length,
          refused: asked.filter(({ why }) => why !== null).length,
          values: Object.fromEntries(values),
          key: thumbprint,
          expiresAtMs: run.expiresAtMs,
        },
      })
    })
    onOrdered()
    return runView(run, await store.read.scriptRuns.devices(run.id), agents)
  }

  /** The person's own; administrators see everybody's. */
  async list({ user, organisation, role }: Principal): Promise<RunSummary[]> {
    const { scriptRuns } = this.#parts.store.read
    const runs = await scriptRuns.runs(organisation.id, role === 'admin' ? null : user.id)
    return Promise.all(runs.map(async run => runSummary(run, await scriptRuns.counts(run.id))))
  }

  /** Throws `not-found` for what isn't there for this person. */
  async view(principal: Principal, runId: string): Promise<RunView> {
    const run = await this.#require(principal, runId)
    return runView(run, await this.#parts.store.read.scriptRuns.devices(runId), this.#parts.agents)
  }

  /** Still sealed. Throws as `view` does. */
  async output(principal: Principal, runId: string, deviceId: string): Promise<string[]> {
    await this.#require(principal, runId)
    return this.#parts.store.read.scriptRuns.output(runId, deviceId)
  }

  /** Ends it wherever it isn't over. Throws as `view` does. */
  async cancel(principal: Principal, runId: string): Promise<RunView> {
    const { store, clock, agents } = this.#parts
    const run = await this.#require(principal, runId)
    const stopped = await store.write(async tx => {
      const open = (await tx.scriptRuns.devices(runId)).filter(({ state }) => !isRunOver(state))
      const endedAtMs = clock.nowMs()
      for (const { deviceId } of open) await tx.scriptRuns.change(runId, deviceId, { state: 'cancelled', endedAtMs })
      if (open.length > 0)
        await tx.audit({
          organisationId: run.organisationId,
          atMs: endedAtMs,
          actor: userActor(principal.user),
          action: 'script.run-cancelled',
          subject: runId,
          detail: { script: run.scriptName, devices: open.length },
        })
      return open.filter(({ state }) => state !== 'queued')
    })
    for (const { deviceId } of stopped) agents.notify(deviceId, { type: 'script.stop', runId })
    return this.view(principal, runId)
  }

  /** The device, and why nothing may be run on it, if nothing may. Throws `not-found`. */
  async #asked(principal: Principal, deviceId: string, tool: ScriptTool, nowMs: number): Promise<Asked> {
    const { devices, policies } = this.#parts
    const device = await devices.require(principal, deviceId)
    try {
      requireActive(device)
      permitRun(await policies.of(principal.organisation.id), principal.user.id, device.groupId, { tool }, nowMs)
      return { device, why: null }
    } catch (thrown) {
      return { device, why: toWireError(thrown) }
    }
  }

  async #require({ user, organisation, role }: Principal, runId: string): Promise<RunRecord> {
    const run = await this.#parts.store.read.scriptRuns.run(runId)
    const isTheirs = run?.organisationId === organisation.id && (role === 'admin' || run.operator.id === user.id)
    if (!isTheirs) throw new HandholdError('not-found', 'There is no such run of a script.')
    return run
  }
}

/** Throws unless the order is for exactly this, by this person, and from now. */
async function requireOrderOf(
  order: RunOrder,
  { user, organisation }: Principal,
  digest: string,
  deviceIds: readonly string[],
  nowMs: number,
): Promise<void> {
  const marks = await Promise.all(deviceIds.map(deviceId => deviceMark(order.runId, deviceId)))
  const isOfThis =
    order.operatorId === user.id &&
    order.organisationId === organisation.id &&
    order.digest === digest &&
    order.devices.length === marks.length &&
    marks.every(mark => order.devices.includes(mark))
  if (!isOfThis || order.expiresAtMs <= nowMs)
    throw new HandholdError('proof-invalid', 'The order is for another run than this one.')
}
