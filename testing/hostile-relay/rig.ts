import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema, thumbprintOf } from '#protocol/keys.ts'
import type { SecretStore } from '../../src/main/shell/shell.ts'
import { startTestAgent, type TestAgent } from '../agent.ts'
import { memorySecrets } from '../memory-secrets.ts'
import { type StandInRelay, startStandInRelay } from '../stand-in-relay.ts'
import { makeStrictOrganisation, type StrictOrganisation } from '../strict-organisation.ts'
import { startXDisplay } from '../x-display.ts'
import { openKeyProbe } from '../x-display-keys.ts'

/** Whether the device belongs to a strict organisation. */
export type Mode = 'plain' | 'strict'

/** The number of the order that the device knows at the start; attacks have older ones. */
export const FIRST_ORDER = 10
/** As the stand-in relay calls its operator. */
const OPERATOR = { id: 'operator-1', name: 'Ada Brandt', email: 'ada@riverside.example' }

/** A real agent on a real display whose person always says yes, and the relay between it and an operator, which is the test's. */
export interface Rig {
  readonly relay: StandInRelay
  readonly agent: TestAgent
  readonly deviceKey: Ed25519PublicJwk
  /** Of a strict organisation, whose key the device's configuration names. */
  readonly organisation: StrictOrganisation | undefined
  /** The operator app's; it knows the device from the first session on. */
  readonly secrets: SecretStore
  thumbprintOf(key: Ed25519PublicJwk): Promise<string>
  /** Keys that the device's desktop got so far. */
  keyStrokes(): number
  close(): Promise<void>
}

export async function openRig(mode: Mode): Promise<Rig> {
  const display = await startXDisplay({ width: 640, height: 480 })
  const keys = await openKeyProbe(display.name)
  const relay = await startStandInRelay()
  relay.provesItself = false
  const organisation = mode === 'strict' ? await makeStrictOrganisation(relay.organisation, OPERATOR) : undefined
  if (organisation) relay.organisationOrders = [await organisation.order({ sequence: FIRST_ORDER })]
  const agent = await startTestAgent({
    relayUrl: relay.url,
    enrolmentToken: 'token-1',
    display: display.name,
    ...(organisation && { environment: { HANDHOLD_AGENT_ORGANISATION_KEY: organisation.key.publicKey.x } }),
  })
  await relay.online()
  const stored = JSON.parse(await readFile(join(agent.stateDir, 'identity.json'), 'utf8')) as { key: unknown }
  return {
    relay,
    agent,
    organisation,
    deviceKey: ed25519PublicJwkSchema.parse(stored.key),
    secrets: memorySecrets(),
    thumbprintOf,
    keyStrokes: () => keys.strokes.length,
    async close() {
      await agent.stop()
      await relay.close()
      await keys.close()
      await display.stop()
    },
  }
}
