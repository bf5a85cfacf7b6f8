import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startTestAgent, type TestAgent } from '#testing/agent.ts'
import { makeTestKey } from '#testing/keys.ts'
import { type StandInRelay, startStandInRelay } from '#testing/stand-in-relay.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'

let display: XDisplay
let relay: StandInRelay
let agent: TestAgent
let stateDir: string
beforeEach(async () => {
  display = await startXDisplay({ width: 640, height: 480 })
  relay = await startStandInRelay()
  stateDir = await mkdtemp(join(tmpdir(), 'handhold-pins-'))
  await startAgent()
})
afterEach(async () => {
  await agent.stop()
  await relay.close()
  await display.stop()
  await rm(stateDir, { recursive: true })
})

async function startAgent(): Promise<void> {
  const where = { relayUrl: relay.url, display: display.name, stateDir }
  agent = await startTestAgent({ ...where, enrolmentToken: 'token-1' })
  await relay.online()
}

const tell = (...handovers: string[]) => relay.send({ type: 'keys.changed', handovers })
const HOUR_MS = 3_600_000

describe('the keys of its relay, at a device', () => {
  it('A10 follows the hand-over, keeps the key before for as long as was said, and knows both over a restart', async () => {
    const old = relay.signer()
    const handover = await relay.rotate(Date.now() + HOUR_MS)
    const early = await relay.request()
    await expect(relay.join(early)).rejects.toMatchObject({ code: 'pass-invalid' })
    await tell(handover)
    await relay.join(early, old)
    await agent.stop()
    await startAgent()
    const later = await relay.request()
    await relay.join(later)
  })

  it('A10 takes nothing of the old key any more when it is told that it may be in other hands', async () => {
    const old = relay.signer()
    await tell(await relay.rotate(0))
    const request = await relay.request()
    await expect(relay.join(request, old)).rejects.toMatchObject({ code: 'pass-invalid' })
    await relay.join(request)
  })

  it('A10 believes no stranger, no key that was handed on, and no text that is no hand-over', async () => {
    const old = relay.signer()
    await tell(await relay.rotate(Date.now() + HOUR_MS))
    const thief = await makeTestKey()
    await tell(await relay.handover({ from: thief, to: thief }))
    await tell(await relay.handover({ from: old.key, to: thief }))
    await tell('a.b.c')
    await agent.line('what the relay says of its keys is not valid')
    const request = await relay.request()
    const forged = { key: thief, kid: thief.thumbprint.slice(0, 16) }
    await expect(relay.join(request, forged)).rejects.toMatchObject({ code: 'pass-invalid' })
    await relay.join(request)
  })
})
