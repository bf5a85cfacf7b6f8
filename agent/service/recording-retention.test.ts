import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { waitFor } from '#testing/wait-for.ts'
import { RecordingRetention } from './recording-retention.ts'

const DAY_MS = 24 * 60 * 60_000
let state: string
let level: string
let retention: RecordingRetention
let clock: ManualClock
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'handhold-recordings-'))
  level = join(state, 'recordings', 'user-1000')
  await mkdir(level, { recursive: true })
  clock = new ManualClock()
  retention = new RecordingRetention({
    folder: join(state, 'recordings'),
    clock: { wallMs: clock.nowMs, monotonicMs: clock.nowMs, setTimer: clock.setTimer },
    log: pino({ level: 'silent' }),
  })
})
afterEach(async () => {
  retention.stop()
  await rm(state, { recursive: true })
})

async function write(name: string, ageDays: number): Promise<void> {
  await writeFile(join(level, name), '{}\n')
  const at = new Date(clock.nowMs() - ageDays * DAY_MS)
  await utimes(join(level, name), at, at)
}

it('deletes recordings that are older than the relay says, again each day, and nothing else', async () => {
  await write('old.cast', 31)
  await write('young.cast', 29.5)
  await write('notes.txt', 400)
  retention.handleWelcome(30)
  await waitFor('the old one', async () => !(await readdir(level)).includes('old.cast'))
  expect((await readdir(level)).toSorted()).toEqual(['notes.txt', 'young.cast'])
  await waitFor('the next day', async () => {
    if (clock.pendingTimers > 0) clock.advance(DAY_MS)
    return !(await readdir(level)).includes('young.cast')
  })
})

it('A91 a link among them goes by itself; what it leads to stays', async () => {
  const outside = join(state, 'outside.cast')
  await writeFile(outside, 'mine')
  await symlink(outside, join(level, 'link.cast'))
  clock.advance(400 * DAY_MS)
  retention.handleWelcome(30)
  await waitFor('the link', async () => (await readdir(level)).length === 0)
  expect(await readdir(state)).toContain('outside.cast')
})

it('keeps everything where the relay says nothing', async () => {
  await write('old.cast', 4_000)
  await write('older.cast', 5_000)
  retention.handleWelcome(null)
  expect(clock.pendingTimers).toBe(0)
  retention.handleWelcome(4_500)
  await waitFor('the older one', async () => !(await readdir(level)).includes('older.cast'))
  expect(await readdir(level)).toEqual(['old.cast'])
})
