import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeLoginctl } from '#testing/stand-in-loginctl.ts'
import { lockDesktop } from './desktop-lock.ts'

const LIST = ['list-sessions', '--output=json']
const OF_THE_KIOSK = { session: '7', uid: 1000, seat: 'seat0' }
const OF_SOMEBODY_ELSE = { session: 'c2', uid: 1001, seat: 'seat0' }
const BY_SSH = { session: '9', uid: 1000, seat: null }

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handhold-lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

it.each([
  ['lock', 'lock-session'],
  ['sign-out', 'terminate-session'],
] as const)('%s is %s for the sessions of the kiosk’s user at its own screen, and for no other', async (how, verb) => {
  const loginctl = await makeLoginctl(folder, [OF_THE_KIOSK, OF_SOMEBODY_ELSE, BY_SSH])
  await lockDesktop(how, 1000, loginctl.path)
  expect(await loginctl.calls()).toEqual([LIST, [verb, '7']])
})

it('locks for everybody at the screen where the agent runs as one user and knows of no other', async () => {
  const loginctl = await makeLoginctl(folder, [OF_THE_KIOSK, OF_SOMEBODY_ELSE, BY_SSH])
  await lockDesktop('lock', undefined, loginctl.path)
  expect(await loginctl.calls()).toEqual([LIST, ['lock-session', '7'], ['lock-session', 'c2']])
})

it('says why it can’t: nobody there, refused, no such program', async () => {
  const empty = await makeLoginctl(folder, [BY_SSH])
  await expect(lockDesktop('lock', undefined, empty.path)).rejects.toThrow('nobody is signed in')
  const refusing = await makeLoginctl(folder, [OF_THE_KIOSK], 'terminate-session')
  await expect(lockDesktop('sign-out', undefined, refusing.path)).rejects.toThrow('refused')
  await expect(lockDesktop('lock', undefined, join(folder, 'none'))).rejects.toThrow('is not there')
})
