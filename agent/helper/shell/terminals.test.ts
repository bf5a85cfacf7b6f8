import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ScriptDefinition, scriptDigest } from '#protocol/scripts/script.ts'
import { TERMINALS_MAX } from '#protocol/tools/limits.ts'
import type { HelperTools } from '#protocol/tools/messages.ts'
import { HelperTokens } from '#testing/helper-tokens.ts'
import { waitFor } from '#testing/wait-for.ts'
import { systemClock } from '../../links/clock.ts'
import { Helper } from '../helper.ts'
import { LinuxProcesses } from '../processes/linux/linux-processes.ts'
import { RegistryTool } from '../registry/registry-tool.ts'
import { openServices } from '../services/open-services.ts'
import { openRecordings } from './recordings.ts'
import { openShells } from './system/open-shells.ts'
import { Terminals } from './terminals.ts'

let folder: string
let helper: Helper
let tokens: HelperTokens
let messages: HelperTools[]
/** Those who wait for their recording to begin: a disk that takes its time. */
let waiting: (() => void)[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-terminals-'))
  tokens = await HelperTokens.create()
  messages = []
  waiting = []
  const begin = tokens.begin()
  const recordings = openRecordings(folder)
  const slow: typeof recordings = {
    ...recordings,
    async start(...args) {
      await new Promise<void>(resolve => waiting.push(resolve))
      return recordings.start(...args)
    },
  }
  const none = () => undefined
  helper = new Helper({
    ...{ begin, clock: systemClock, runsAs: userInfo().username, sendShown: none, onWatcher: none },
    send: bytes => {
      const text = Buffer.from(bytes).toString('utf8')
      if (text.startsWith('{')) messages.push(JSON.parse(text))
    },
    report: () => Promise.resolve(),
    terminals: (output, tell) =>
      new Terminals({
        ...{ begin, output, tell, clock: systemClock, user: userInfo(), system: openShells(), recordings: slow },
        ...{ onRecording: none, log: none, folderOf: () => '/' },
      }),
    processes: new LinuxProcesses({ clock: systemClock, servicePid: process.ppid }),
    services: openServices(),
    registry: new RegistryTool({
      ...{ open: () => Promise.resolve(undefined), journalPath: join(folder, 'journal'), clock: systemClock },
    }),
  })
  await helper.gate.takeLease(await tokens.lease())
  await ask({ type: 'unlock', tool: 'shell', grant: await tokens.grant(), proof: await tokens.proof() })
})
afterEach(async () => {
  helper.close()
  await rm(folder, { recursive: true })
})

const ask = (message: object) => helper.handle(Buffer.from(JSON.stringify(message)))
const open = (request: number, more: object = {}) =>
  ask({ type: 'open', tool: 'shell', request, shell: 'sh', columns: 80, rows: 24, ...more })
const recorded = () => {
  for (const resolve of waiting.splice(0)) resolve()
}
const answers = () =>
  messages.flatMap(message =>
    message.type === 'opened' ? ['opened'] : message.type === 'refused' ? [message.code] : [],
  )

describe('a terminal whose recording takes its time', () => {
  const takings: [what: string, code: string, take: () => Promise<void> | void][] = [
    ['the person takes the tool back', 'forbidden', () => helper.setTools(['processes'])],
    ['the session is paused', 'forbidden', () => helper.setPaused(true)],
    ['the lease goes', 'lease-stale', () => helper.gate.takeLease(null)],
    [
      'a lease comes without the tool',
      'audit-unavailable',
      async () => helper.gate.takeLease(await tokens.lease(['view', 'control'])),
    ],
    ['the session ends', 'session-closed', () => helper.close()],
    [
      'the tool is taken back and given again',
      'tool-locked',
      () => {
        helper.setTools([])
        helper.setTools(['shell'])
      },
    ],
  ]
  it.each(takings)('A62 is not started when %s meanwhile, nor is a script', async (_, code, take) => {
    const mark = join(folder, 'ran')
    const definition: ScriptDefinition = { tool: 'shell', program: 'sh', text: `touch '${mark}'`, parameters: [] }
    const jti = 'grt_script_0123456789'
    const named = { digest: await scriptDigest(definition), name: 'Mark' }
    const script = { grant: await tokens.grant({ jti, script: named }), proof: await tokens.proof(jti) }
    const both = [open(1), open(2, { script: { ...script, definition, values: {} } })]
    await waitFor('both to be recorded', () => waiting.length === 2)
    await take()
    recorded()
    await Promise.all(both)
    expect(answers()).toEqual([code, code])
    expect(existsSync(mark)).toBe(false)
  })

  it('counts from the first moment on: of many that are opened at once no more than eight are', async () => {
    const all = Array.from({ length: TERMINALS_MAX + 4 }, (_, index) => open(index + 1))
    await waitFor('eight to be recorded', () => waiting.length === TERMINALS_MAX)
    recorded()
    await Promise.all(all)
    expect(answers().toSorted()).toEqual([
      ...Array<string>(TERMINALS_MAX).fill('opened'),
      ...Array<string>(4).fill('tool-unavailable'),
    ])
    const numbers = messages.flatMap(message => (message.type === 'opened' ? [message.terminal.terminal] : []))
    expect(new Set(numbers).size).toBe(TERMINALS_MAX)
  })

  it('leaves its place to another one when it is refused', async () => {
    for (let index = 0; index < TERMINALS_MAX; index++) {
      const opening = open(index + 1)
      await waitFor('it to be recorded', () => waiting.length === 1)
      helper.setPaused(true)
      recorded()
      await opening
      helper.setPaused(false)
    }
    const last = open(100)
    await waitFor('it to be recorded', () => waiting.length === 1)
    recorded()
    await last
    expect(answers()).toEqual([...Array<string>(TERMINALS_MAX).fill('forbidden'), 'opened'])
  })
})
