import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { TestRelay } from '#testing/relay.ts'
import { waitFor } from '#testing/wait-for.ts'
import { jsonLine, syslogLine } from './lines.ts'

let folder: string
let file: string
let clock: ManualClock
let relay: TestRelay | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-export-'))
  file = join(folder, 'audit.jsonl')
  clock = new ManualClock()
})
afterEach(async () => {
  await relay?.close()
  relay = undefined
  await rm(folder, { recursive: true })
})

const start = async (auditExport: string) => {
  relay = await TestRelay.start({ clock, config: { auditExport } })
  return relay
}
const numbersOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map(line => Number(JSON.parse(line).sequence))
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)
const lastRow = (of: TestRelay) => {
  const database = new Sqlite(join(of.dataDir, 'relay.db'), { readonly: true })
  const last = Number(database.prepare('select max(sequence) from audit').pluck().get())
  database.close()
  return last
}

describe('the audit as lines in a file', () => {
  it('has every row once and in order, over restarts', async () => {
    const of = await start(pathToFileURL(file).href)
    for (const name of ['bob', 'eve', 'max']) {
      await of.addOperator(await of.signIn(), `${name}@example.org`)
      await of.restart()
    }
    await of.close()
    const text = await readFile(file, 'utf8')
    expect(numbersOf(text)).toEqual(upTo(lastRowOf(text)))
    expect(text).toContain('"action":"user.added"')
    expect(text).not.toContain('a password of theirs')
  })

  it('A138 is neither doubled nor torn by a crash between the file and the note, or within a line', async () => {
    const of = await start(pathToFileURL(file).href)
    await of.addOperator(await of.signIn(), 'bob@example.org')
    const last = lastRow(of)
    await waitFor('the rows', async () => {
      clock.advance(1_000)
      return (await readFile(file, 'utf8').catch(() => '')).includes(`"sequence":${last},`)
    })
    await of.restart(() => {
      const database = new Sqlite(join(of.dataDir, 'relay.db'))
      database.exec('update audit_export set sequence = 1')
      database.close()
      return appendFile(file, '{"sequence":99,"at":"2026-')
    })
    await of.addOperator(await of.signIn(), 'eve@example.org')
    await of.close()
    const text = await readFile(file, 'utf8')
    expect(numbersOf(text)).toEqual(upTo(lastRowOf(text)))
  })

  it('goes on with a new file when the old one was put away', async () => {
    const of = await start(pathToFileURL(file).href)
    await of.restart(() => writeFile(file, ''))
    await of.addOperator(await of.signIn(), 'bob@example.org')
    await of.close()
    const numbers = numbersOf(await readFile(file, 'utf8'))
    expect(numbers[0]).toBeGreaterThan(1)
    expect(numbers).toEqual(upTo(numbers.at(-1) ?? 0).slice((numbers[0] ?? 1) - 1))
  })
})

const lastRowOf = (text: string) => numbersOf(text).at(-1) ?? 0

describe('the audit by syslog', () => {
  let server: Server
  let received: string
  let onData: (socket: Socket) => void
  beforeEach(async () => {
    received = ''
    onData = () => undefined
    server = createServer(socket => {
      socket.on('error', () => undefined)
      socket.on('data', data => {
        onData(socket)
        if (!socket.destroyed) received += data.toString()
      })
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => new Promise(resolve => server.close(resolve)))
  const address = () => `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`

  it('has counted frames of RFC 5424 with every row, in order', async () => {
    const of = await start(address())
    await of.addOperator(await of.signIn(), 'bob@example.org')
    await of.restart()
    await of.close()
    const messages = framesOf(received)
    expect(messages[0]).toMatch(/^<109>1 \d{4}-\d\d-\d\dT[\d:.]+Z \S+ handhold-relay - organisation\.bootstrapped - \{/)
    const numbers = messages.map(message => Number(/"sequence":(\d+)/.exec(message)?.[1]))
    expect(numbers).toEqual(upTo(numbers.length))
  })

  it('comes again after a connection broke, with nothing missing', async () => {
    let broken = 0
    onData = socket => {
      if (broken++ < 2) socket.resetAndDestroy()
    }
    const of = await start(address())
    await of.addOperator(await of.signIn(), 'bob@example.org')
    const last = lastRow(of)
    await waitFor('the rows', () => {
      clock.advance(1_000)
      return received.includes(`"sequence":${last},`)
    })
    expect(broken).toBeGreaterThan(2)
    const numbers = new Set(framesOf(received).map(message => Number(/"sequence":(\d+)/.exec(message)?.[1])))
    expect([...numbers]).toEqual(upTo(numbers.size))
  })
})

describe('a row as text', () => {
  const row = { sequence: 7, organisationId: null, atMs: 0, actor: 'stranger ::1', action: 'user.sign-in-denied' }

  it('A110 is one line of ASCII whatever stands in it', () => {
    const line = jsonLine({ ...row, subject: 'a\nb\u2028c\u202e', detail: { name: 'Zoë 💣', frame: '12 <1>1 -' } })
    expect(line).toMatch(/^[\x20-\x7e]+$/)
    expect(JSON.parse(line)).toMatchObject({ subject: 'a\nb\u2028c\u202e', detail: { name: 'Zoë 💣' } })
  })

  it('counts its bytes, warns of what was refused, and has a host name that fits', () => {
    const frame = syslogLine({ ...row, subject: 'x', detail: {} }, 'relay öne')
    expect(framesOf(frame)).toHaveLength(1)
    expect(frame).toContain('<108>1 1970-01-01T00:00:00.000Z relayne handhold-relay - user.sign-in-denied - {')
  })
})

function framesOf(text: string): string[] {
  const frames: string[] = []
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    const length = Number(/^(\d+) /.exec(rest.toString('latin1', 0, 12))?.[1])
    const start = String(length).length + 1
    frames.push(rest.toString('utf8', start, start + length))
    rest = rest.subarray(start + length)
  }
  return frames
}
