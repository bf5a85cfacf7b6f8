import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { helperToolsSchema } from '#protocol/tools/messages.ts'
import { openRecordings } from './recordings.ts'

const SESSION = 'ses_0123456789abcdef'

async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'handhold-recordings-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const recordings = openRecordings(folder)
  let nowS = 0
  const head = { columns: 80, rows: 24, startedAtMs: 1_795_000_000_000, label: 'Ada as SYSTEM', sessionId: SESSION }
  const start = (name: string) =>
    recordings.start(
      name,
      head,
      () => (nowS += 0.5),
      () => undefined,
    )
  const isWritten = async (name: string, text: string) =>
    expect.poll(() => readFile(join(folder, name), 'utf8')).toContain(text)
  return { recordings, start, isWritten }
}

it('commands are listed with their codes, also those with a sign or of 32 bits, as the operator’s app takes them', async () => {
  const { recordings, start, isWritten } = await setUp()
  const recording = await start('a.cast')
  const codes = [0, 1, 255, -1, -1073741510, 3221225786, 4294967295]
  for (const code of codes) recording.command(`end with ${code}`, code)
  recording.output('7 not a command')
  recording.close()
  await isWritten('a.cast', '7 not')
  const list = await recordings.list(SESSION)
  expect(list[0]?.commands.map(({ exitCode, command }) => [command, exitCode])).toEqual(
    codes.map(code => [`end with ${code}`, code]),
  )
  const message = { type: 'recordings', request: 1, recordings: list, isLast: true }
  expect(helperToolsSchema.safeParse(message).data).toEqual(message)
})

it('a command of several lines, in any script, is one command', async () => {
  const { recordings, start, isWritten } = await setUp()
  const recording = await start('b.cast')
  recording.command('for f in größe\ndo echo "$f","m",\ndone', -2)
  recording.close()
  await isWritten('b.cast', 'done')
  const [view] = await recordings.list(SESSION)
  expect(view?.commands).toEqual([{ atS: 0.5, command: 'for f in größe\ndo echo "$f","m",\ndone', exitCode: -2 }])
})
