import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { waitFor } from '#testing/wait-for.ts'
import { openConsentWindow } from './consent-window.ts'
import { WindowFolders } from './window-folder.ts'

/** A window with files, whose program tidies nothing up. */
const WINDOW = 'mkdir "$HANDHOLD_WINDOW_FOLDER" && mkdir "$HANDHOLD_WINDOW_FOLDER/profile" && exec sleep 1000'
let runtime: string
beforeEach(async () => {
  runtime = await mkdtemp(join(tmpdir(), 'handhold-windows-'))
})
afterEach(() => rm(runtime, { recursive: true, force: true }))

const foldersOf = (stateDir: string) =>
  new WindowFolders({ environment: { XDG_RUNTIME_DIR: runtime }, user: undefined, stateDir })
const pathOf = (folders: WindowFolders) => folders.next().environment.HANDHOLD_WINDOW_FOLDER ?? ''
const there = () => readdir(runtime, { recursive: true })

it('A72 a window that is killed leaves no files', async () => {
  const window = openConsentWindow({
    command: ['/bin/sh', '-c', WINDOW],
    environment: { PATH: '/usr/bin:/bin' },
    folder: foldersOf('/state/one').next(),
    onMessage: () => undefined,
    onGone: () => undefined,
    onLine: () => undefined,
  })
  await waitFor('its files', async () => (await there()).length === 2)
  window.kill()
  await window.gone
  expect(await there()).toEqual([])
})

it('A72 a browser that dies later than its window makes its folder in vain', async () => {
  const folder = foldersOf('/state/one').next()
  await folder.remove()
  await mkdir(join(folder.environment.HANDHOLD_WINDOW_FOLDER ?? '', 'profile'), { recursive: true })
  await waitFor('it to be gone', async () => (await there()).length === 0)
})

it('A72 a browser of a killed service that dies after the next start makes its folder in vain; a window of now keeps its own', async () => {
  const folders = foldersOf('/state/one')
  await folders.sweep()
  const [own, left] = [pathOf(folders), pathOf(foldersOf('/state/one'))]
  await Promise.all([mkdir(own), mkdir(left)])
  await waitFor('it to be gone', async () => (await there()).length === 1)
  expect(await there()).toEqual([basename(own)])
})

it('A72 what windows of a killed service left goes at the next start; another agent’s and anybody else’s files stay', async () => {
  const [own, others] = [foldersOf('/state/one'), foldersOf('/state/two')]
  const before = (stateDir: string) => pathOf(foldersOf(stateDir))
  for (const path of [before('/state/one'), before('/state/one'), before('/state/two')]) {
    await mkdir(path)
    await writeFile(join(path, 'file'), '')
  }
  await writeFile(join(runtime, 'bus'), '')
  await own.sweep()
  await own.sweep()
  expect(await readdir(runtime)).toHaveLength(2)
  await others.sweep()
  expect(await there()).toEqual(['bus'])
})
