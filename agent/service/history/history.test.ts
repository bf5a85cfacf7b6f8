import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LANGUAGES } from '#protocol/person/language.ts'
import { checkReceipts } from '#protocol/trust/receipt-check.ts'
import { startTestAgent, type TestAgent } from '#testing/agent.ts'
import { type StandInRelay, startStandInRelay } from '#testing/stand-in-relay.ts'
import { ChatFiles } from '../receipts/chat-files.ts'

const run = promisify(execFile)
const main = fileURLToPath(new URL('../main.ts', import.meta.url))
let relay: StandInRelay
let agent: TestAgent
let stateDir: string

beforeEach(async () => {
  relay = await startStandInRelay()
  stateDir = await mkdtemp(join(tmpdir(), 'handhold-history-'))
  agent = await startTestAgent({ relayUrl: relay.url, enrolmentToken: 'token-1', display: ':999', stateDir })
  await relay.online()
})
afterEach(async () => {
  await agent.stop()
  await relay.close()
  await rm(stateDir, { recursive: true, force: true })
})

async function openAndEnd(change: Parameters<StandInRelay['request']>[0] = {}): Promise<string> {
  const { sessionId } = await relay.request(change)
  await relay.event(sessionId, 'consent-granted')
  await relay.send({ type: 'session.end', sessionId, reason: 'operator-ended' })
  await relay.event(sessionId, 'torn-down')
  const own = () =>
    relay.messages.filter(message => message.type === 'session.receipt' && message.sessionId === sessionId)
  await relay.message((message): message is typeof message => message.type === 'session.receipt' && own().length >= 2)
  return sessionId
}

const history = (language: string, ...args: string[]) =>
  run(process.execPath, [main, 'history', ...args], {
    env: {
      PATH: process.env.PATH,
      LANG: language,
      HANDHOLD_AGENT_RELAY_URL: relay.url,
      HANDHOLD_AGENT_STATE_DIR: stateDir,
    },
  })

it('A110 the person sees each access, its names as text, and saves what this device signed; a changed one shows nothing', {
  timeout: 60_000,
}, async () => {
  const name = '<img src=x onerror=alert(1)>'
  const hostile = await openAndEnd({
    operator: { id: 'operator-1', name, email: 'ada@riverside.example' },
    ticket: null,
  })
  const second = await openAndEnd({ ticket: '<b>INC-20417</b>' })
  const receipts = join(stateDir, 'receipts')
  const named = (await readdir(receipts)).find(entry => entry.includes(second)) ?? ''
  const chat = new ChatFiles(receipts)
  const key = named.slice(0, -'.json'.length)
  await chat.append(key, { kind: 'said', by: 'operator', id: 1, text: '<script>alert(1)</script>', atMs: 1_000 })
  await chat.append(key, { kind: 'said', by: 'person', id: 1, text: 'Ich sehe\nnichts', atMs: 2_000 })
  await chat.append(key, { kind: 'arrived', by: 'person', id: 1 })
  const { stdout } = await history('de_DE.UTF-8')
  const page = await readFile(stdout.trim(), 'utf8')
  expect(page).not.toContain('<img')
  expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;')
  expect(page).toContain('Sie sagten Ja')
  // Only where there is one.
  expect(page.match(/<dt>Ticket<\/dt>/g)).toHaveLength(1)
  expect(page).toContain('<dt>Ticket</dt><dd>&lt;b&gt;INC-20417&lt;/b&gt;</dd>')
  expect(page).toContain('Chat: 2 Nachrichten')
  expect(page).not.toContain('<script')
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
  // Each says whether it arrived.
  expect(page.match(/nicht angekommen/g)).toHaveLength(1)
  expect(page.indexOf(second)).toBeLessThan(page.indexOf(hostile))
  const [, data = ''] = /href="data:application\/json;base64,([^"]+)"/.exec(page) ?? []
  const saved = JSON.parse(Buffer.from(data, 'base64').toString())
  expect(await checkReceipts(saved)).toMatchObject({ isWhole: true })
  for (const language of LANGUAGES) expect((await history(language)).stderr).toBe('')

  const all = join(stateDir, 'all.json')
  await history('en', '--export', all)
  const exported = JSON.parse(await readFile(all, 'utf8'))
  expect(exported).toHaveLength(2)
  expect(exported[0].chat).toMatchObject([{ by: 'operator' }, { by: 'person', text: 'Ich sehe\nnichts' }])
  for (const document of exported) expect(await checkReceipts(document)).toMatchObject({ isWhole: true })
  // Nothing that is there already is written over.
  await expect(history('en', '--export', all)).rejects.toMatchObject({ code: 1 })

  const file = (await readdir(receipts)).find(entry => entry.includes(hostile)) ?? ''
  const path = join(receipts, file)
  const kept = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...kept, receipts: [kept.receipts[1]] }))
  const changed = await readFile((await history('en')).stdout.trim(), 'utf8')
  expect(changed).toContain('its signature is wrong')
  expect(changed).not.toContain('onerror')
})

it('what the person left out stands in it too, and without anything there is no word for it', {
  timeout: 60_000,
}, async () => {
  await openAndEnd({ scopes: ['view'] })
  await agent.stop()
  agent = await startTestAgent({
    ...{ relayUrl: relay.url, enrolmentToken: 'token-1', display: ':999', stateDir },
    consent: 'view-only',
  })
  await relay.online()
  await openAndEnd({ scopes: ['view', 'control', 'shell'] })
  const page = await readFile((await history('en')).stdout.trim(), 'utf8')
  expect(page).toContain('<dt>You allowed</dt><dd>See the screen</dd>')
  const left = page.match(/<dt>You did not allow<\/dt><dd>[^<]*/g)
  expect(left).toEqual(['<dt>You did not allow</dt><dd>Use mouse and keyboard, Type commands as an administrator'])
})
