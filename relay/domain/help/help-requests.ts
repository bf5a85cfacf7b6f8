import { HandholdError } from '#protocol/errors.ts'
import type { HelpTaken, HelpWaiting } from '#protocol/help/http.ts'
import type { HelpNews, HelpWish } from '#protocol/help/wire.ts'
import {
  HELP_ASKS_MAX,
  HELP_CODE_FAILURES_PER_OPERATOR,
  HELP_CODE_FAILURES_PER_ORGANISATION,
  HELP_CODE_TTL_MS,
  HELP_QUEUE_TTL_MS,
  HELP_WINDOW_MS,
} from '#protocol/limits.ts'
import { deviceActor, userActor } from '../audit.ts'
import { type Chance, newId } from '../chance.ts'
import type { Clock } from '../clock.ts'
import type { DeniedAttempts } from '../denied-attempts.ts'
import type { AgentGateway, OperatorGateway } from '../gateways.ts'
import type { Seal } from '../identity/seal.ts'
import type { Policies } from '../policy/policies.ts'
import type { Principal } from '../principal.ts'
import type { DeviceRecord, Store, Writer } from '../store.ts'
import { digestOfCode, newHelpCode } from './help-codes.ts'
import type { HelpRecord } from './store.ts'

export interface HelpRequestsParts {
  readonly store: Store
  readonly clock: Clock
  readonly chance: Chance
  readonly seal: Seal
  readonly agents: AgentGateway
  readonly operators: OperatorGateway
  readonly policies: Policies
  readonly denied: DeniedAttempts
}

/** Somebody who asks for help, and the device that they sit at. */
interface Asked {
  readonly record: HelpRecord
  readonly device: DeviceRecord
}

/** People at devices who ask for help, and the operators who find them. It opens nothing: a session is asked for like any other afterwards. */
export class HelpRequests {
  readonly #parts: HelpRequestsParts

  constructor(parts: HelpRequestsParts) {
    this.#parts = parts
  }

  /** The device's person wants help. Throws `rate-limited` for one who asks again and again. */
  async ask(device: DeviceRecord, wish: HelpWish): Promise<void> {
    const { store, clock, chance, seal } = this.#parts
    const nowMs = clock.nowMs()
    const forMs = wish.way === 'code' ? HELP_CODE_TTL_MS : HELP_QUEUE_TTL_MS
    const record = {
      ...wish,
      id: newId('help', chance),
      organisationId: device.organisationId,
      deviceId: device.id,
      askedAtMs: nowMs,
      untilMs: nowMs + forMs,
    }
    const code = await store.write(async tx => {
      if (!(await tx.identity.countFailure(`help-ask ${device.id}`, HELP_ASKS_MAX, nowMs, HELP_WINDOW_MS)))
        throw new HandholdError('rate-limited', 'Help was asked for here many times. Wait a quarter of an hour.')
      const fresh = wish.way === 'code' ? await unusedCode(tx) : null
      await tx.help.put({ ...record, codeDigest: fresh?.codeDigest ?? null })
      const { way, words, who } = wish
      const detail = { way, words, who }
      await tx.audit({ ...this.#entry(device, nowMs), actor: deviceActor(device.id), action: 'help.asked', detail })
      return fresh?.code
    })
    if (code !== undefined) this.#tell(device.id, { news: 'code', code, forMs })
    // A wish for a code may have ended a place in the queue.
    await this.#announce(device.organisationId)

    async function unusedCode(tx: Writer) {
      for (;;) {
        const drawn = newHelpCode(chance)
        const codeDigest = digestOfCode(seal, device.organisationId, drawn)
        if (!(await tx.help.byCode(codeDigest))) return { code: drawn, codeDigest }
      }
    }
  }

  /** Nothing happens where nothing was wished. */
  async withdraw(device: DeviceRecord): Promise<void> {
    const { store, clock } = this.#parts
    const nowMs = clock.nowMs()
    const wasThere = await store.write(async tx => {
      if (!(await tx.help.removeOfDevice(device.id))) return false
      const entry = { ...this.#entry(device, nowMs), actor: deviceActor(device.id), action: 'help.withdrawn' }
      await tx.audit({ ...entry, detail: {} })
      return true
    })
    if (wasThere) await this.#announce(device.organisationId)
  }

  /** Who waits at devices that this person may look at. */
  async queue(principal: Principal): Promise<HelpWaiting[]> {
    const { store, clock, agents } = this.#parts
    const waiting: HelpWaiting[] = []
    for (const record of await store.read.help.queue(principal.organisation.id, clock.nowMs())) {
      const asked = await this.#within(principal, record)
      if (!asked) continue
      waiting.push({
        id: record.id,
        ...factsOf(asked),
        online: agents.isOnline(record.deviceId),
        untilMs: record.untilMs,
      })
    }
    return waiting
  }

  /**
   * Whose code this is, once. Throws `help-code-invalid` for every code that isn't good here and now, whatever it lacks, and `rate-limited` after too many
   * of them.
   */
  async redeem(principal: Principal, code: string): Promise<HelpTaken> {
    const { store, seal, denied } = this.#parts
    const { organisation, user } = principal
    const counted = await this.#count(principal)
    const found = await store.read.help.byCode(digestOfCode(seal, organisation.id, code))
    const asked = found && (await this.#within(principal, found))
    const taken = asked && (await this.#take(principal, asked, counted))
    if (taken) return taken
    denied.record({
      organisationId: organisation.id,
      actor: userActor(user),
      action: 'help.code-denied',
      subject: user.id,
      detail: {},
    })
    throw new HandholdError(
      'help-code-invalid',
      'This code is not good: it may be mistyped, used or older than 10 minutes. Ask the person to read it again.',
    )
  }

  /** Takes somebody from the queue; the first who does gets them. Throws `not-found`. */
  async take(principal: Principal, helpId: string): Promise<HelpTaken> {
    const found = await this.#parts.store.read.help.byId(helpId)
    const asked = found?.way === 'queue' ? await this.#within(principal, found) : undefined
    const taken = asked && (await this.#take(principal, asked, []))
    if (!taken) throw new HandholdError('not-found', 'Somebody else was first, or the help isn’t needed any more.')
    return taken
  }

  /** Counted before the code is looked up, so that parallel guesses can't pass together. Returns what a right code takes back. */
  async #count({ user, organisation }: Principal): Promise<readonly string[]> {
    const { store, clock } = this.#parts
    const limits = [
      [`help-code ${user.id}`, HELP_CODE_FAILURES_PER_OPERATOR],
      [`help-code ${organisation.id}`, HELP_CODE_FAILURES_PER_ORGANISATION],
    ] as const
    await store.write(async ({ identity }) => {
      for (const [key, limit] of limits)
        if (!(await identity.countFailure(key, limit, clock.nowMs(), HELP_WINDOW_MS)))
          throw new HandholdError('rate-limited', 'Too many wrong codes. Wait a quarter of an hour.')
    })
    return limits.map(([key]) => key)
  }

  /** The device of a wish that this person may answer now. */
  async #within({ user, organisation }: Principal, record: HelpRecord): Promise<Asked | undefined> {
    const { store, clock, policies } = this.#parts
    if (record.organisationId !== organisation.id || record.untilMs <= clock.nowMs()) return undefined
    const device = await store.read.device(record.deviceId)
    if (device?.status !== 'active') return undefined
    const policy = await policies.of(organisation.id)
    return policy.grants(user.id, device.groupId)('view').allowed ? { record, device } : undefined
  }

  /** Undefined where somebody else was first. */
  async #take(principal: Principal, asked: Asked, counted: readonly string[]): Promise<HelpTaken | undefined> {
    const { store, clock } = this.#parts
    const { record, device } = asked
    const { id, name, email } = principal.user
    const isMine = await store.write(async tx => {
      if (!(await tx.help.remove(record.id))) return false
      for (const key of counted) await tx.identity.takeBackFailure(key)
      const detail = { way: record.way, askedAtMs: record.askedAtMs }
      const entry = { ...this.#entry(device, clock.nowMs()), actor: userActor(principal.user), action: 'help.taken' }
      await tx.audit({ ...entry, detail })
      return true
    })
    if (!isMine) return undefined
    this.#tell(device.id, { news: 'taken', operator: { id, name, email } })
    await this.#announce(device.organisationId)
    return factsOf(asked)
  }

  /** Operators look at the queue again, and everybody in it hears how many are before them. */
  async #announce(organisationId: string): Promise<void> {
    const { store, clock, operators } = this.#parts
    for (const userId of operators.usersOf(organisationId)) operators.toUser(userId, { type: 'help.changed' })
    const nowMs = clock.nowMs()
    for (const [ahead, { deviceId, untilMs }] of (await store.read.help.queue(organisationId, nowMs)).entries())
      this.#tell(deviceId, { news: 'queued', ahead, forMs: untilMs - nowMs })
  }

  #tell(deviceId: string, help: HelpNews): void {
    this.#parts.agents.notify(deviceId, { type: 'help.changed', help })
  }

  #entry({ id, organisationId }: DeviceRecord, atMs: number) {
    return { organisationId, atMs, subject: id }
  }
}

const factsOf = ({ record, device }: Asked): HelpTaken => ({
  deviceId: device.id,
  deviceName: device.name,
  who: record.who,
  words: record.words,
  askedAtMs: record.askedAtMs,
})
