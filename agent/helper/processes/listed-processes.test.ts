import { describe, expect, it } from 'vitest'
import { ManualClock } from '#testing/manual-clock.ts'
import { waitFor } from '#testing/wait-for.ts'
import { parsePs } from './darwin/ps.ts'
import { type ListedProcess, ListedProcesses, type ProcessSource } from './listed-processes.ts'
import type { ProcessesUpdate } from './processes.ts'
import { parseCim, windowsSource } from './win32/cim.ts'

const listed = (pid: number, parent: number, change: Partial<ListedProcess> = {}): ListedProcess => ({
  ...{ pid, parent, startTicks: 100, startedAtMs: 0, user: '', name: `p${pid}`, command: '', memoryBytes: 1 },
  ...{ state: '', nice: 0, cpuMs: 0, ...change },
})

/** A system whose processes the test names; nothing real is touched. */
function start(rows: ListedProcess[]) {
  const signals: string[] = []
  const source: ProcessSource = {
    list: async () => rows,
    isProtected: windowsSource().isProtected,
    signal: (pid, verb) => void signals.push(`${verb} ${pid}`),
  }
  const manual = new ManualClock()
  const clock = { wallMs: manual.nowMs, monotonicMs: manual.nowMs, setTimer: manual.setTimer }
  return { signals, rows, manual, processes: new ListedProcesses({ source, clock: clock as never, servicePid: 500 }) }
}
const code = (run: Promise<unknown>) =>
  run.then(
    () => 'done',
    (thrown: { code: string }) => thrown.code,
  )
const ref = (pid: number, startTicks = 100) => ({ pid, startTicks })

describe('processes of a system without /proc', () => {
  it('A85 are left alone where they keep the system, the device or the session running, or are other ones by now', async () => {
    const { processes, signals } = start([
      listed(0, 0),
      listed(4, 0, { name: 'System' }),
      listed(20, 1, { name: 'lsass.exe' }),
      listed(21, 1, { name: 'CSRSS.exe' }),
      listed(500, 1),
      listed(501, 500),
      listed(600, 1),
      listed(601, 600),
      listed(602, 601, { name: 'winlogon.exe' }),
    ])
    for (const pid of [0, 4, 20, 21, 500, 501])
      for (const verb of ['end', 'force-end', 'end-tree', 'suspend'] as const)
        expect([pid, await code(processes.act({ verb, process: ref(pid) }))]).toEqual([pid, 'process-protected'])
    expect(await code(processes.act({ verb: 'end-tree', process: ref(600) }))).toBe('process-protected')
    expect(await code(processes.check(ref(601, 99)))).toBe('process-changed')
    expect(await code(processes.act({ verb: 'end', process: ref(603) }))).toBe('process-changed')
    expect(signals).toEqual([])
  })

  it('are ended with what they started, children first, and not with what only has a used number', async () => {
    const { processes, signals } = start([
      listed(700, 1),
      listed(701, 700),
      listed(702, 701),
      listed(703, 700, { startTicks: 50 }),
    ])
    await processes.act({ verb: 'end-tree', process: ref(700) })
    expect(signals).toEqual(['end 702', 'end 701', 'end 700'])
  })

  it('are told whole and then as they change', async () => {
    const { processes, rows, manual } = start([listed(1, 0), listed(2, 1)])
    const told: ProcessesUpdate[] = []
    processes.watch(
      update => told.push(update),
      () => true,
    )
    await waitFor('the list', () => told.length === 1)
    rows.splice(0, 2, listed(1, 0, { cpuMs: 1_500 }))
    // Its timer is set in the turn after it told.
    await waitFor('the next look', () => {
      manual.advance(3_000)
      return told.length === 2
    })
    expect(told.map(({ isFirst, gone }) => [isFirst, gone])).toEqual([
      [true, []],
      [false, [2]],
    ])
    expect(told[1]?.rows[0]?.cpu).toBeGreaterThan(0)
    processes.stop()
  })
})

describe('what the system’s own program says', () => {
  it('is read from Windows’ answer', () => {
    const text =
      '\uFEFF[{"pid":4,"parent":0,"name":"System","command":null,"memory":147456,"cpu":125000000,"priority":8,"started":133765432101234567},' +
      '{"pid":812,"parent":700,"name":"notepad.exe","command":"\\"C:\\\\Windows\\\\notepad.exe\\" a\\nb","memory":1024,"cpu":null,"priority":13,"started":0}]'
    expect(parseCim(text)).toMatchObject([
      { pid: 4, name: 'System', command: '', cpuMs: 12_500, nice: 0, startedAtMs: 1_732_069_610_123 },
      { pid: 812, parent: 700, memoryBytes: 1024, nice: -5, startedAtMs: 0 },
    ])
    expect(parseCim(text)[1]?.command).not.toContain('\n')
    expect(() => parseCim('Get-CimInstance : Access denied')).toThrow(
      expect.objectContaining({ code: 'tool-unavailable' }),
    )
  })

  it('is read from the answer of macOS’ ps', () => {
    const text =
      '    1     0   0 Ss    12345   1:02.50 Mon Nov 18 09:00:01 2024     root             /sbin/launchd\n' +
      '  512     1   5 R+     2048 2-03:04:05 Tue Nov 19 10:00:00 2024     mara             /Applications/Safari.app/Contents/MacOS/Safari -x\n' +
      'not a line\n'
    expect(parsePs(text)).toMatchObject([
      { pid: 1, parent: 0, name: 'launchd', state: 'S', user: 'root', memoryBytes: 12_345 * 1024, cpuMs: 62_500 },
      { pid: 512, nice: 5, name: 'Safari', cpuMs: ((2 * 24 + 3) * 3600 + 4 * 60 + 5) * 1000 },
    ])
  })
})
