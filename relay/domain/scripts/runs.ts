import { HandholdError, toWireError, type WireError } from '#protocol/errors.ts'
import { RUN_MESSAGE_MAX } from '#protocol/scripts/limits.ts'
import { deviceMark, RUN_ORDER, type RunOrder } from '#protocol/scripts/run-order.ts'
import type { RunSummary, RunView } from '#protocol/scripts/runs-http.ts'
import { valuesProblem } from '#protocol/scripts/script.ts'
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
import type { RunApprovals } from './run-approvals.ts'
import { permitRun, rightsOf, type ScriptRights } from './run-permits.ts'
import { isRunOver } from './run-states.ts'
import type { RunDeviceRecord, RunRecord } from './run-store.ts'
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
  readonly approvals: Pick<RunApprovals, 'part' | 'waiting'>
  /** There is something to bring to devices, or to agree to. */
  readonly onOrdered: (organisationId: string) => void
}

export interface RunWish {
  readonly scriptId: string
  readonly deviceIds: readonly string[]
  readonly order: string
  readonly certificate?: string | undefined
}

interface Asked {
  readonly device: DeviceRecord
  readonly state: 'awaiting' | 'queued' | 'refused'
  readonly why: WireError | null
}

interface Seen {
  readonly run: RunRecord
  readonly rows: readonly RunDeviceRecord[]
  /** Something of it waits for this person. */
  readonly waits: boolean
  readonly isTheirs: boolean
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
    await trust.requireCertifiedRun(wish.certificate, { ...order, key: thumbprint })
    const asked: Asked[] = []
    for (const deviceId of wish.deviceIds) asked.push(await this.#asked(principal, deviceId, rightsOf(script), nowMs))
    const run: RunRecord = {
      id: order.runId,
      organisationId: principal.organisation.id,
      operator: { id: principal.user.id, name: principal.user.name, email: principal.user.email },
      scriptId: script.id,
      scriptName: script.name,
      digest: script.digest,
      roleId: script.roleId,
      definition: script.definition,
      values: order.values,
      reason: order.reason,
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
        asked.map(({ device: { id, name, key }, state, why }) => ({
          ...{ deviceId: id, deviceName: name, deviceKey: key, state, why },
        })),
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
          refused: asked.filter(({ state }) => state === 'refused').length,
          awaiting: asked.filter(({ state }) => state === 'awaiting').length,
          reason: run.reason,
          values: Object.fromEntries(values),
          key: thumbprint,
          expiresAtMs: run.expiresAtMs,
        },
      })
    })
    onOrdered(run.organisationId)
    return runView(run, await store.read.scriptRuns.devices(run.id), agents, { mayAnswer: false, mayCancel: true })
  }

  /** The person's own, and what waits for them; administrators see everybody's. */
  async list(principal: Principal): Promise<RunSummary[]> {
    const { user, organisation, role } = principal
    const { scriptRuns } = this.#parts.store.read
    const runs = await scriptRuns.runs(organisation.id, role === 'admin' ? null : user.id)
    const waiting = role === 'admin' ? [] : await this.#parts.approvals.waiting(principal)
    for (const { runId } of waiting) {
      const run = await scriptRuns.run(runId)
      if (run) runs.push(run)
    }
    return Promise.all(runs.map(async run => runSummary(run, await scriptRuns.counts(run.id))))
  }

  /** Throws `not-found` for what isn't there for this person. */
  async view(principal: Principal, runId: string): Promise<RunView> {
    const { run, rows, waits, isTheirs } = await this.#require(principal, runId)
    return runView(run, rows, this.#parts.agents, { mayAnswer: waits, mayCancel: isTheirs })
  }

  /** Still sealed, without the parts before `from`. Throws as `view` does. */
  async output(principal: Principal, runId: string, deviceId: string, from: number): Promise<string[]> {
    await this.#require(principal, runId)
    return this.#parts.store.read.scriptRuns.output(runId, deviceId, from)
  }

  /** Ends it wherever it isn't over. Throws as `view` does; whoever only agreed to it can't. */
  async cancel(principal: Principal, runId: string): Promise<RunView> {
    const { store, clock, agents, onOrdered } = this.#parts
    const { run, isTheirs } = await this.#require(principal, runId)
    if (!isTheirs) throw missing()
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
      return open.filter(({ state }) => state === 'sent' || state === 'running')
    })
    for (const { deviceId } of stopped) agents.notify(deviceId, { type: 'script.stop', runId })
    onOrdered(run.organisationId)
    return this.view(principal, runId)
  }

  /** The device, and why nothing may be run on it, if nothing may. Throws `not-found`. */
  async #asked(principal: Principal, deviceId: string, rights: ScriptRights, nowMs: number): Promise<Asked> {
    const { devices, policies } = this.#parts
    const device = await devices.require(principal, deviceId)
    try {
      requireActive(device)
      const policy = await policies.of(principal.organisation.id)
      const { takesTwo } = permitRun(policy, principal.user.id, device.groupId, rights, nowMs)
      return { device, state: takesTwo ? 'awaiting' : 'queued', why: null }
    } catch (thrown) {
      return { device, state: 'refused', why: toWireError(thrown) }
    }
  }

  async #require(principal: Principal, runId: string): Promise<Seen> {
    const { store, approvals } = this.#parts
    const { user, organisation, role } = principal
    const run = await store.read.scriptRuns.run(runId)
    if (run?.organisationId !== organisation.id) throw missing()
    const rows = await store.read.scriptRuns.devices(runId)
    const { waits, maySee } = await approvals.part(principal, run, rows)
    const isTheirs = role === 'admin' || run.operator.id === user.id
    if (!isTheirs && !maySee) throw missing()
    return { run, rows, waits, isTheirs }
  }
}

const missing = () => new HandholdError('not-found', 'There is no such run of a script.')

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
