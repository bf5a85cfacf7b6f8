import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ed25519PublicJwkSchema, thumbprintOf } from '#protocol/keys.ts'
import { keyWords } from '#protocol/trust/key-words.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import { CLOSE } from '#protocol/wire/envelope.ts'
import { startTestAgent, type TestAgent } from '#testing/agent.ts'
import { makeTestKey, type TestKey } from '#testing/keys.ts'
import { type StandInRelay, startStandInRelay } from '#testing/stand-in-relay.ts'
import {
  type CertificateChange,
  makeStrictOrganisation,
  type StrictOrganisation,
} from '#testing/strict-organisation.ts'
import { startXDisplay, type XDisplay } from '#testing/x-display.ts'

const operator = { id: 'operator-1', name: 'Ada Brandt', email: 'ada@riverside.example' }
const words = (key: TestKey) => keyWords(key.thumbprint).join(' ')

let display: XDisplay
let relay: StandInRelay
let made: StrictOrganisation
let stateDir: string
let agent: TestAgent

beforeAll(async () => {
  display = await startXDisplay({ width: 320, height: 240 })
})
afterAll(() => display.stop())
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'handhold-agent-'))
  relay = await startStandInRelay()
  made = await makeStrictOrganisation(relay.organisation, operator)
})
afterEach(async () => {
  await agent.stop()
  await relay.close()
  await rm(stateDir, { recursive: true })
})

async function start(organisationKey?: string): Promise<void> {
  const environment: Record<string, string> = organisationKey
    ? { HANDHOLD_AGENT_ORGANISATION_KEY: organisationKey }
    : {}
  const options = { relayUrl: relay.url, stateDir, enrolmentToken: 'token-1', display: display.name, environment }
  agent = await startTestAgent(options)
  await relay.online()
}

/** Restarted, on a relay that hands on these orders. */
async function startAgain(orders: string[], organisationKey?: string): Promise<void> {
  await agent.stop()
  relay.organisationOrders = orders
  await start(organisationKey)
}

const say = async (order: Promise<string>) => relay.send({ type: 'organisation.order', order: await order })

async function chain(certificate: CertificateChange = {}) {
  const sessionKey = relay.operator.thumbprint
  const session = { deviceId: relay.deviceId, sessionKey, reason: 'Printer does not print', ticket: 'T-100' }
  return made.chain({ ...session, scopes: ['view', 'control'] }, certificate)
}

/** The request is taken and the person says yes; then it is over. */
async function opens(overrides: Partial<SessionRequest>): Promise<void> {
  const { sessionId } = await relay.request(overrides)
  await relay.event(sessionId, 'consent-granted')
  await relay.send({ type: 'session.end', sessionId, reason: 'operator-ended' })
  await relay.event(sessionId, 'torn-down')
}

const refused = (code: string, message: unknown = expect.any(String)) => ({ code, message })

describe('the organisation’s key at a device', () => {
  it('lets certified operators in alone once it was seen at the enrolment, and after a restart without the relay’s help', async () => {
    relay.organisationOrders = [await made.order()]
    await start()
    await expect(relay.request()).rejects.toMatchObject(refused('certificate-required'))
    await opens({ operatorChain: await chain() })
    await startAgain([])
    await expect(relay.request()).rejects.toMatchObject(refused('certificate-required'))
    await opens({ operatorChain: await chain() })
  })

  it('shows the person the name that the organisation certified, whatever the relay calls the operator', async () => {
    relay.organisationOrders = [await made.order()]
    await start()
    const operatorChain = await chain()
    await opens({ operatorChain, operator: { ...operator, name: 'Your bank', email: 'help@bank.example' } })
    const asked = await agent.line('told {\\"type\\":\\"ask')
    expect(asked).toContain('Ada Brandt')
    expect(asked).not.toContain('Your bank')
  })

  it('bounds what is asked for within a session by the certificate too, and lets nobody watch whom the relay names', async () => {
    relay.organisationOrders = [await made.order()]
    await start()
    const { sessionId } = await relay.request({ operatorChain: await chain() })
    await relay.event(sessionId, 'consent-granted')
    const further = relay.send({ type: 'session.further', sessionId, scopes: ['shell'] })
    await expect(further).rejects.toMatchObject(refused('certificate-invalid'))
    // A second person would be shown what a tool shows, and is the relay's word alone.
    const watch = relay.send({ type: 'session.watch', sessionId, statement: 'a.b.c', proof: 'a.b.c' })
    await expect(watch).rejects.toMatchObject(refused('certificate-required'))
    await relay.send({ type: 'session.end', sessionId, reason: 'operator-ended' })
    await relay.event(sessionId, 'torn-down')
  })

  it('A127 A128 can’t be exchanged, rewound or switched off by the relay, and says which one is expected', async () => {
    const older = made.order({ sequence: 1, strict: false })
    relay.organisationOrders = [await made.order({ sequence: 2 })]
    await start()
    const stranger = await makeTestKey()
    const expectation = new RegExp(`expected here is: ${words(made.key)}\\. Offered was: ${words(stranger)}`)
    for (const strict of [true, false])
      await expect(say(made.order({ by: stranger, sequence: 3, strict }))).rejects.toMatchObject(
        refused('organisation-key-changed', expect.stringMatching(expectation)),
      )
    await expect(say(older)).rejects.toMatchObject(refused('organisation-order-stale'))
    await startAgain([await older, await made.order({ by: stranger, sequence: 9, strict: false })])
    await expect(relay.request()).rejects.toMatchObject(refused('certificate-required'))
    const certified = await chain({ by: stranger })
    await expect(relay.request({ operatorChain: certified })).rejects.toMatchObject(
      refused('organisation-key-changed', expect.stringMatching(expectation)),
    )
  })

  it('is handed over by its own word, and switched off by it alone', async () => {
    const next = await makeTestKey()
    relay.organisationOrders = [await made.order()]
    await start()
    await say(made.order({ sequence: 2, nextKey: next.publicKey }))
    await expect(relay.request({ operatorChain: await chain() })).rejects.toMatchObject(
      refused('organisation-key-changed'),
    )
    await opens({ operatorChain: await chain({ by: next }) })
    await say(made.order({ sequence: 3, by: next, strict: false }))
    await opens({})
  })

  it('is handed over to a device that missed it, by all that was said meanwhile', async () => {
    const [second, third] = [await makeTestKey(), await makeTestKey()]
    relay.organisationOrders = [await made.order()]
    await start()
    await startAgain([
      await made.order(),
      await made.order({ sequence: 2, nextKey: second.publicKey }),
      await made.order({ sequence: 3, by: second, nextKey: third.publicKey }),
    ])
    await agent.line('"order":3')
    await opens({ operatorChain: await chain({ by: third }) })
  })

  it('ends a live session of who is revoked', async () => {
    relay.organisationOrders = [await made.order()]
    await start()
    const { sessionId } = await relay.request({ operatorChain: await chain() })
    await relay.event(sessionId, 'consent-granted')
    await say(made.order({ sequence: 2, revoked: [[operator.id, Date.now()]] }))
    const { event } = await relay.event(sessionId, 'end')
    expect(event).toMatchObject({ reason: 'policy-revoked' })
    await expect(relay.request({ operatorChain: await chain() })).rejects.toMatchObject(refused('certificate-revoked'))
  })

  it('A127 comes from the configuration before any relay’s word, and nobody is let in while it is silent', async () => {
    const stranger = await makeTestKey()
    relay.organisationOrders = [await made.order({ by: stranger, strict: false })]
    await start(made.key.publicKey.x)
    await agent.line('An order of the organisation’s key was refused')
    await expect(relay.request()).rejects.toMatchObject(refused('certificate-required'))
    await expect(relay.request({ operatorChain: await chain() })).rejects.toMatchObject(
      refused('organisation-order-expired'),
    )
    await say(made.order())
    await opens({ operatorChain: await chain() })
    // Another key in the configuration is this machine's administrator speaking.
    await startAgain([await made.order({ by: stranger, sequence: 9 })], stranger.publicKey.x)
    await agent.line('"order":9')
    await opens({ operatorChain: await chain({ by: stranger }) })
  })

  it('is forgotten by whoever administers the device: the way out of a lost key', async () => {
    relay.organisationOrders = [await made.order()]
    await start()
    const { key } = JSON.parse(await readFile(join(stateDir, 'identity.json'), 'utf8'))
    const own = keyWords(await thumbprintOf(ed25519PublicJwkSchema.parse(key))).join(' ')
    expect(await command()).toContain(`This device        ${own}\nOrganisation key   ${words(made.key)}`)
    await agent.stop()
    await command('reset')
    const next = await makeTestKey()
    relay.organisationOrders = [await made.order({ by: next })]
    await start()
    await agent.line('"order":1')
    await opens({ operatorChain: await chain({ by: next }) })
    expect(await command()).toContain(`relay          ${words(next)}`)
  })

  it('A134 outlives the removal of the device, which the relay alone decides', async () => {
    relay.organisationOrders = [await made.order()]
    await start()
    relay.disconnect(CLOSE.removed)
    expect(await agent.program.exited).toBe(4)
    expect(await command()).toContain(words(made.key))
  })

  it('A127 doesn’t begin anew when what was pinned is damaged', async () => {
    relay.organisationOrders = [await made.order()]
    await start()
    await agent.stop()
    const file = join(stateDir, 'organisation-key.json')
    await writeFile(file, (await readFile(file, 'utf8')).replace('"version":1', '"version":2'))
    await expect(start()).rejects.toThrow('organisation-key reset')
  })
})

/** `handhold-agent organisation-key …` on this device. */
async function command(...args: string[]): Promise<string> {
  const entry = fileURLToPath(new URL('../main.ts', import.meta.url))
  const env = { ...process.env, HANDHOLD_AGENT_RELAY_URL: relay.url, HANDHOLD_AGENT_STATE_DIR: stateDir }
  const child = spawn(process.execPath, [entry, 'organisation-key', ...args], { env })
  return text(child.stdout)
}
