import { HandholdError } from '#protocol/errors.ts'
import type { DeviceFactsWire } from '#protocol/wire/views.ts'
import type { AgentConfig, AgentSecrets } from '../config/config.ts'
import type { Logger } from '../log.ts'
import type { Enrolment, Identity, IdentityStore } from '../state/identity.ts'
import { isTokenOfRemoval } from '../state/removal.ts'
import { enrol } from './enrol.ts'

/** This device can't be enrolled; trying again would change nothing. */
export class EnrolmentRefused extends Error {
  override readonly name = 'EnrolmentRefused'
}

export interface EnsureOptions {
  readonly config: AgentConfig
  readonly secrets: AgentSecrets
  readonly store: IdentityStore
  readonly facts: DeviceFactsWire
  readonly random: () => number
  readonly log: Logger
  readonly onOrders: (orders: readonly string[]) => Promise<void>
}

/** The device's identity, enrolled: as it was stored, or anew with the configured token. Rejects with `EnrolmentRefused`. */
export async function ensureEnrolled(
  options: EnsureOptions,
  signal: AbortSignal,
): Promise<{ identity: Identity; enrolment: Enrolment }> {
  const { config, secrets, store, facts, random, log, onOrders } = options
  const identity = await store.load()
  if (identity.enrolment) return { identity, enrolment: identity.enrolment }
  const token = await requireToken(options)
  const onRetry = (error: Error, delayMs: number) => log.warn({ why: error.message, delayMs }, 'not enrolled yet')
  const { relayUrl, tenant, group } = config
  try {
    const { proxy } = secrets
    const how = { relayUrl, proxy, tenant, group, token, identity, facts, random, signal }
    const enrolment = await enrol({ ...how, onRetry, onOrders })
    log.info({ device: enrolment.deviceId }, 'enrolled')
    return { identity: await store.enrol(enrolment), enrolment }
  } catch (thrown) {
    if (!(thrown instanceof HandholdError)) throw thrown
    throw new EnrolmentRefused(
      `The relay refused to enrol this device: ${thrown.message} Ask an administrator for a new token.`,
    )
  }
}

async function requireToken({ config, secrets }: EnsureOptions): Promise<string> {
  const token = secrets.enrolmentToken
  if (token === undefined) {
    throw new EnrolmentRefused(
      `This device is not enrolled with ${config.relayUrl}. Ask an administrator for an enrolment token and set HANDHOLD_AGENT_ENROLMENT_TOKEN.`,
    )
  }
  if (await isTokenOfRemoval(config.stateDir, token)) {
    throw new EnrolmentRefused(
      'This device was removed by an administrator. Ask for a new enrolment token; the one that is configured does not bring it back.',
    )
  }
  return token
}
