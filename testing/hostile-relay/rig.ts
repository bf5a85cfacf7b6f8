import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Ed25519PublicJwk, ed25519PublicJwkSchema, thumbprintOf } from '#protocol/keys.ts'
import type { SecretStore } from '../../src/main/shell/shell.ts'
import { startTestAgent, type TestAgent } from '../agent.ts'
import { type StandInRelay, startStandInRelay } from '../stand-in-relay.ts'
import { startXDisplay } from '../x-display.ts'
import { openKeyProbe } from '../x-display-keys.ts'

/** A real agent on a real display whose person always says yes, and the relay between it and an operator, which is the test's. */
export interface Rig {
  readonly relay: StandInRelay
  readonly agent: TestAgent
  readonly deviceKey: Ed25519PublicJwk
  /** The operator app's; it knows the device from the first session on. */
  readonly secrets: SecretStore
  thumbprintOf(key: Ed25519PublicJwk): Promise<string>
  /** Keys that the device's desktop got so far. */
  keyStrokes(): number
  close(): Promise<void>
}

export async function openRig(): Promise<Rig> {
  const display = await startXDisplay({ width: 640, height: 480 })
  const keys = await openKeyProbe(display.name)
  const relay = await startStandInRelay()
  relay.provesItself = false
  const agent = await startTestAgent({ relayUrl: relay.url, enrolmentToken: 'token-1', display: display.name })
  await relay.online()
  const stored = JSON.parse(await readFile(join(agent.stateDir, 'identity.json'), 'utf8')) as { key: unknown }
  return {
    relay,
    agent,
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

function memorySecrets(): SecretStore {
  const kept = new Map<string, string>()
  return {
    description: 'memory',
    get: async name => kept.get(name),
    set: async (name, secret) => void kept.set(name, secret),
    delete: async name => void kept.delete(name),
  }
}
