import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Clock, systemClock } from '../../../links/clock.ts'
import { ownerOfPrefix, RegExe } from './reg-exe.ts'

const KEY = 'HKEY_CURRENT_USER\\Software\\Till'
const LOST = 'wine client error:0: recvmsg: Connection reset by peer'
const ABSENT = 'reg: Unable to find the specified registry key'

let folder: string
let program: string
let reg: RegExe
let pausesMs: number[]

/** Stands in the place of Wine's loader: prints and ends as the lines of its plan say, one a call; where none is left, as Wine does for a key that is there. */
const STAND_IN = `#!/bin/sh
echo "$2 $3" >> "$HOME/calls"
read -r code said < "$HOME/plan" && sed -i 1d "$HOME/plan" && echo "$said" && exit "$code"
[ "$2" = export ] && printf exported > "$(printf %s "$4" | cut -c9- | tr '\\\\' /)"
exit 0
`

/** Each pause is over at once. */
const clock: Clock = {
  ...systemClock,
  setTimer: (run, delayMs) => {
    pausesMs.push(delayMs)
    return systemClock.setTimer(run, 0)
  },
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-reg-exe-'))
  const prefix = join(folder, 'prefix')
  program = join(folder, 'stand-in')
  await mkdir(join(prefix, 'dosdevices'), { recursive: true })
  await writeFile(program, STAND_IN)
  await chmod(program, 0o755)
  pausesMs = []
  await plan()
  const place = { prefix, program }
  reg = new RegExe(place, ownerOfPrefix(place), clock)
})
afterEach(async () => {
  reg.close()
  await rm(folder, { recursive: true, force: true })
})

const plan = (...lines: string[]) => writeFile(join(folder, 'prefix', 'plan'), lines.map(line => `${line}\n`).join(''))
const calls = async () => (await readFile(join(folder, 'prefix', 'calls'), 'utf8')).trim().split('\n')

it('says of a key that it isn’t there when reg.exe says so, and asks once', async () => {
  await plan(`1 ${ABSENT}`)
  expect(await reg.export(KEY)).toBeUndefined()
  expect(await calls()).toEqual([`export ${KEY}`])
})

it.each([
  ['lost its server', LOST],
  ['found none', 'wine: a wine server seems to be running, but I cannot connect to it.'],
  ['was ended with its server and said nothing', ''],
])('reads a key that is there although Wine %s twice', async (_, said) => {
  await plan(`1 ${said}`, `1 ${said}`)
  expect(Buffer.from((await reg.export(KEY)) ?? []).toString()).toBe('exported')
  expect(await calls()).toHaveLength(3)
  expect(pausesMs).toEqual(pausesMs.toSorted((a, b) => a - b))
  expect(pausesMs[0]).toBeGreaterThan(0)
})

it('still hears that a key isn’t there after the server was lost', async () => {
  await plan(`1 ${LOST}`, `1 ${ABSENT}`)
  expect(await reg.export(KEY)).toBeUndefined()
})

it('imports again what may not have arrived', async () => {
  await plan(`1 ${LOST}`)
  await reg.import(Buffer.from('REGEDIT4'))
  expect(await calls()).toHaveLength(2)
})

it('gives up after a few calls with what to do, and answers the next one', async () => {
  await plan(...Array.from({ length: 4 }, () => `1 ${LOST}`))
  await expect(reg.export(KEY)).rejects.toMatchObject({ code: 'tool-unavailable', message: /Wine’s server.*Try again/ })
  expect(await calls()).toHaveLength(4)
  await expect(reg.export(KEY)).resolves.toBeDefined()
})

it('doesn’t try again what reg.exe itself refused', async () => {
  await plan('1 reg: The file was not found.')
  await expect(reg.import(Buffer.from('REGEDIT4'))).rejects.toMatchObject({ message: /Wine refused it: reg: The file/ })
  expect(await calls()).toHaveLength(1)
})

it('stops trying when it is closed', async () => {
  await plan(...Array.from({ length: 4 }, () => `1 ${LOST}`))
  const place = { prefix: join(folder, 'prefix'), program }
  const waiting = new RegExe(place, ownerOfPrefix(place), { ...systemClock, setTimer: () => () => undefined })
  const asked = waiting.export(KEY)
  asked.catch(() => undefined)
  await expect.poll(calls).toHaveLength(1)
  waiting.close()
  await expect(asked).rejects.toMatchObject({ code: 'tool-unavailable' })
})
