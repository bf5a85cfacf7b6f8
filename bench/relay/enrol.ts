import { enrolReplySchema } from '#protocol/enrolment-http.ts'
import { makeTestKey } from '#testing/keys.ts'
import { type AgentSocket, type TestDevice, TestRelay } from '#testing/relay.ts'
import { postJson } from '../../agent/service/http-client.ts'

export interface EnrolFigures {
  readonly enrolAgents: number
  readonly enrolSeconds: number
}

/**
 * How long a fleet takes that comes at once with one token, from behind one address: each agent enrols over HTTP with a key of its own, by the agent's own code, and is
 * welcomed on its socket.
 */
export async function measureEnrolment(agents: number): Promise<EnrolFigures> {
  const relay = await TestRelay.start()
  try {
    const token = await relay.mintEnrolmentToken(await relay.signIn(), agents)
    const keys = await Promise.all(Array.from({ length: agents }, makeTestKey))
    const { signal } = new AbortController()
    const enrol = async (key: TestDevice['key'], name: string): Promise<TestDevice> => {
      const body = await relay.enrolBody(token, key, name)
      const reply = await postJson(new URL('/v1/enrol', relay.url), body, signal)
      return { deviceId: enrolReplySchema.parse(reply.body).deviceId, key }
    }
    const startedAtMs = performance.now()
    const welcomed = await Promise.all(
      keys.map(async (key, index): Promise<[string, AgentSocket]> => {
        const device = await enrol(key, `pc-${index}`)
        const socket = await relay.openAgentSocket(device)
        await socket.waitFor('welcome')
        return [device.deviceId, socket]
      }),
    )
    const enrolSeconds = (performance.now() - startedAtMs) / 1000
    await Promise.all(welcomed.map(([, socket]) => socket.close()))
    const enrolAgents = new Set(welcomed.map(([deviceId]) => deviceId)).size
    return { enrolAgents, enrolSeconds: Math.round(enrolSeconds * 100) / 100 }
  } finally {
    await relay.close()
  }
}
