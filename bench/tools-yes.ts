import { readdirSync, readFileSync } from 'node:fs'
import { processTree } from '../testing/process-tree.ts'
import { waitFor } from '../testing/wait-for.ts'
import type { OperatorPage } from '../testing/world/operator-page.ts'

/** What the program prints before the window's memory is looked at: what is kept of it is full then. */
const BEFORE_BYTES = 100e6
const BEFORE_MAX_MS = 20_000
const MEASURED_BYTES = 1e9

/** A gigabyte of `yes`, or what of it comes in this time: how often the window draws meanwhile, and what its memory grows by. */
export async function measureYes(window: OperatorPage, appPid: number, devicePid: number, maxMs: number) {
  const { page } = window
  await window.typeInShell('yes\n')
  const find = () => processTree(devicePid).find(({ pid }) => nameOf(pid) === 'yes')?.pid
  await waitFor('yes', () => find() !== undefined)
  const yes = find() ?? 0
  const until = (bytes: number, withinMs: number) =>
    waitFor(`${bytes} bytes of yes`, () => writtenBy(yes) >= bytes, withinMs).catch(() => undefined)
  await until(BEFORE_BYTES, BEFORE_MAX_MS)
  const beforeMiB = renderersMiB(appPid)
  const startedMs = performance.now()
  const startedBytes = writtenBy(yes)
  await page.evaluate(startCounting)
  await until(startedBytes + MEASURED_BYTES, maxMs)
  const elapsedS = (performance.now() - startedMs) / 1000
  const frames = await page.evaluate(() => (globalThis as unknown as { countedFrames: number }).countedFrames)
  const growthMiB = renderersMiB(appPid) - beforeMiB
  const printedMb = (writtenBy(yes) - startedBytes) / 1e6
  await page.keyboard.press('Control+c')
  return {
    yesUiFps: round(frames / elapsedS),
    yesRssGrowthMiB: round(Math.max(0, growthMiB)),
    yesPrintedMb: Math.round(printedMb),
  }
}

/** Runs in the page. */
function startCounting(): void {
  const counter = window as unknown as { countedFrames: number }
  counter.countedFrames = 0
  const frame = () => {
    counter.countedFrames++
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
}

const nameOf = (pid: number) => readOr(`/proc/${pid}/comm`).trim()
const writtenBy = (pid: number) => Number(/^wchar: (\d+)/m.exec(readOr(`/proc/${pid}/io`))?.[1] ?? 0)

/** Empty for a process that is gone. */
function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

/** Resident memory of the window's renderers, beneath the app's process. */
function renderersMiB(appPid: number): number {
  const processes = readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .flatMap(entry => factsOf(Number(entry)) ?? [])
  const family = new Set([appPid])
  for (let size = 0; size !== family.size; ) {
    size = family.size
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid)
  }
  const renderers = processes.filter(({ pid, isRenderer }) => isRenderer && family.has(pid))
  return renderers.reduce((sum, { rssMiB }) => sum + rssMiB, 0)
}

function factsOf(pid: number) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0)
    const isRenderer = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer')
    return { pid, parent: number('PPid'), rssMiB: number('VmRSS') / 1024, isRenderer }
  } catch {
    return undefined
  }
}

const round = (value: number) => Math.round(value * 10) / 10
