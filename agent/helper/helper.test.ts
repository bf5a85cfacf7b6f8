import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { Tool } from '#protocol/tools/tools.ts'
import { HelperRig, type HelperRigOptions } from '#testing/helper-rig.ts'
import { makeTestKey } from '#testing/keys.ts'
import { listenersOf } from '#testing/listeners.ts'
import { commandOf, type Known, processOf, survivors } from '#testing/process-tree.ts'
import { SystemLog } from '#testing/system-log.ts'
import { waitFor } from '#testing/wait-for.ts'

const isRoot = process.getuid?.() === 0
const NOBODY = { uid: 65_534, gid: 65_534 }
const HELPER = fileURLToPath(new URL('./main.ts', import.meta.url))

const rigs: HelperRig[] = []
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close()
})

async function start(options?: HelperRigOptions): Promise<HelperRig> {
  const rig = await HelperRig.start(options)
  rigs.push(rig)
  return rig
}

/** Empty for one that was closed meanwhile. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}

const deaf: Known[] = []
afterEach(() => {
  for (const { pid } of survivors(deaf.splice(0))) process.kill(pid, 'SIGKILL')
})

/** A process that doesn't go when it is asked to, and is nobody's child: those of a helper's parent are the agent's own. */
async function startDeaf(user: object = {}): Promise<Known> {
  const script = "(trap '' TERM; exec sleep 987) >/dev/null 2>&1 & echo $!"
  const pid = Number(spawnSync('/bin/sh', ['-c', script], { ...user, encoding: 'utf8' }).stdout)
  await waitFor('it to be deaf', () => commandOf(pid)[0] === 'sleep')
  const known = processOf(pid)
  if (!known) throw new Error('it is gone')
  deaf.push(known)
  return known
}

const isAlive = (pid: number): boolean => {
  try {
    // What was ended may wait for its parent.
    return !readFileSync(`/proc/${pid}/stat`, 'latin1').includes(') Z ')
  } catch {
    return false
  }
}

describe('a helper', () => {
  it.runIf(isRoot)('A101 runs a shell as root and another one as the user, each with its own helper', async () => {
    const elevated = await start()
    await elevated.unlock()
    elevated.type(await elevated.open(), 'echo "as:$(id -un):"\n')
    await elevated.printed('as:root:')
    const user = await start({ level: 'user', user: NOBODY })
    await user.unlock()
    const terminal = await user.open('sh')
    user.type(terminal, 'echo "as:$(id -un):"\n')
    await user.printed('as:nobody:')
    // A101: what the system keeps from that user, it keeps from their tools.
    user.type(terminal, 'cat /etc/shadow\n')
    await user.printed('Permission denied')
    expect((await user.message('state')).runsAs).toBe('nobody')
  })

  it('tells whoever is in the shell who is behind it, and gives it nothing of its own', async () => {
    const rig = await start()
    await rig.unlock()
    const terminal = await rig.open()
    rig.type(
      terminal,
      'echo "by:$HANDHOLD_OPERATOR:"; echo "node:$(env | grep -c NODE_):"; echo "ours:$(ls -l /proc/self/fd | grep -c -e socket: -e recordings):"\n',
    )
    await rig.printed('by:Ada Admin <ada@example.org>:')
    const [recording] = await rig.recordings()
    const line = `Ada Admin <ada@example.org> opened /bin/sh as ${userInfo().username} in session ${rig.claims.sid}, recorded in ${recording}`
    await waitFor('the line in the log', () => rig.logged.some(logged => logged.includes(line)))
    await rig.printed('node:0:')
    await rig.printed('ours:0:')
  })

  it.runIf(SystemLog.isPossible)(
    'says in the system’s own log who opened what, as whom and in which session',
    async () => {
      const system = await SystemLog.open()
      try {
        const rig = await start()
        await rig.unlock()
        await rig.open()
        const line = `handhold: Ada Admin <ada@example.org> opened /bin/sh as root in session ${rig.claims.sid}, recorded in `
        await waitFor('the line', () => system.text.includes(line))
        // 10 × 8 + 5: authpriv.notice.
        expect(system.text).toMatch(/^<85>/m)
      } finally {
        await system.close()
      }
    },
  )

  it('A80 A88 opens nothing for a grant of another device, session, tool, operator or key, or one that expired a second ago', async () => {
    const rig = await start()
    const stranger = await makeTestKey()
    const other = await start()
    const { claims } = rig
    const nowS = Math.floor(Date.now() / 1000)
    const refused: [grant: string, proof: string][] = [
      [await rig.grant({ aud: other.claims.aud }), await rig.proof()],
      [await rig.grant({ sid: other.claims.sid }), await rig.proof()],
      [await rig.grant({ tool: 'processes' }), await rig.proof()],
      [await rig.grant({ sub: 'user_87654321' }), await rig.proof()],
      [await rig.grant({ cnf: { jkt: stranger.thumbprint } }), await rig.proof(claims.jti, stranger)],
      [await rig.grant({ iat: nowS - 301, exp: nowS - 1 }), await rig.proof()],
      [await rig.grant({ exp: nowS + 900 }), await rig.proof()],
      [await rig.grant({}, stranger), await rig.proof()],
      [await rig.grant(), await rig.proof('grt_another_grant00')],
      [await rig.grant(), await rig.proof(claims.jti, stranger)],
      [await other.grant(), await other.proof()],
      [await rig.grant(), await other.proof()],
    ]
    for (const [grant, proof] of refused) rig.send({ type: 'unlock', tool: 'shell', grant, proof })
    await waitFor(
      'every refusal',
      () => rig.messages.filter(({ type }) => type === 'refused').length === refused.length,
    )
    rig.send({ type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24 })
    expect(await rig.message('refused', ({ request }) => request === 1)).toMatchObject({ code: 'tool-locked' })
    expect(await rig.recordings()).toEqual([])
    expect(rig.reports.map(({ what }) => what)).toContain('refused')
    expect(rig.reports.some(({ what }) => what === 'shell' || what === 'opened')).toBe(false)
  })

  it('A88 lets nobody else in: it listens nowhere, its descriptors are its user’s, and by hand it does nothing', async () => {
    const rig = await start()
    await rig.unlock()
    await rig.open()
    const sockets = (await readdir(`/proc/${rig.pid}/fd`)).flatMap(name => {
      const [, inode] = /^socket:\[(\d+)\]$/.exec(linkOf(`/proc/${rig.pid}/fd/${name}`)) ?? []
      return inode === undefined ? [] : [inode]
    })
    expect(sockets.length).toBeGreaterThan(0)
    // Each of them is one end of a pair: without a name, and nothing waits for a connection.
    const named = (await readFile('/proc/net/unix', 'utf8')).split('\n').map(line => line.trim().split(/\s+/))
    for (const [, , , flags, , , inode, path] of named)
      if (sockets.includes(inode ?? '')) expect([flags, path]).toEqual(['00000000', undefined])
    expect(listenersOf([rig.pid])).toEqual([])
    if (isRoot) {
      const others = spawnSync('/bin/ls', [`/proc/${rig.pid}/fd`], { ...NOBODY, encoding: 'utf8' })
      expect([others.status === 0, others.stderr]).toEqual([false, expect.stringContaining('Permission denied')])
    }
    const byHand = spawnSync(process.execPath, [HELPER], { encoding: 'utf8', input: '{}' })
    expect([byHand.status, byHand.stdout]).toEqual([2, ''])
  })

  it('A82 A89 takes no command without a lease that names the tool, and none while paused', async () => {
    const rig = await start()
    await rig.unlock()
    const terminal = await rig.open('sh')
    // Leases and keys come over channels of their own: a key is tried until the other has arrived.
    const wrongIsRefused = async (code: string) => {
      const isSaid = () => rig.messages.some(message => message.type === 'refused' && message.code === code)
      await waitFor(`the refusal ${code}`, () => {
        rig.type(terminal, ' ')
        return isSaid()
      })
      rig.type(terminal, 'echo wrong-$((1+1))\n')
    }
    rig.dropLease()
    await wrongIsRefused('lease-stale')
    // What a relay gives that can't keep a strict group's audit.
    await rig.lease(['view', 'control', 'processes'])
    await wrongIsRefused('audit-unavailable')
    await rig.lease()
    rig.setPaused(true)
    await wrongIsRefused('forbidden')
    rig.setPaused(false)
    await waitFor('the command', () => {
      rig.type(terminal, 'echo right-$((1+1))\n')
      return rig.output.includes('right-2')
    })
    expect(rig.output).not.toContain('wrong-2')
  })

  it('runs nothing whose report isn’t kept, and says why', async () => {
    const rig = await start()
    await rig.unlock()
    rig.keepsReports = false
    rig.send({ type: 'open', tool: 'shell', request: 7, shell: 'sh', columns: 80, rows: 24 })
    expect(await rig.message('refused', ({ request }) => request === 7)).toMatchObject({ code: 'audit-unavailable' })
    rig.why = { code: 'storage-full', message: 'The relay’s disk is full.' }
    rig.send({ type: 'open', tool: 'shell', request: 8, shell: 'sh', columns: 80, rows: 24 })
    expect(await rig.message('refused', ({ request }) => request === 8)).toMatchObject(rig.why)
    expect(await rig.recordings()).toEqual([])
  })

  it('takes no key that has no row, where the policy wants a row for everything, and says why', async () => {
    const rig = await start()
    const grant = await rig.grant({ strict: true })
    rig.send({ type: 'unlock', tool: 'shell', grant, proof: await rig.proof() })
    await rig.message('state', state => state.isUnlocked)
    const terminal = await rig.open('sh')
    const typed = () => rig.reports.filter(({ what }) => what === 'typed')
    for (const key of 'echo right-$((1+1))\n') rig.type(terminal, key)
    await rig.printed('right-2')
    expect(typed()).toEqual([{ what: 'typed', tool: 'shell', recording: (await rig.recordings())[0] }])

    rig.keepsReports = false
    rig.why = { code: 'storage-full', message: 'The relay’s disk is full.' }
    const refusals = () => rig.messages.filter(message => message.type === 'refused' && message.code === 'storage-full')
    await waitFor('the last row to be old', () => {
      rig.type(terminal, ' ')
      return refusals().length > 0
    })
    rig.type(terminal, '\necho wrong-$((1+1))\n')
    const said = refusals().length
    await waitFor('the refusal', () => refusals().length > said)
    expect(refusals().at(-1)).toMatchObject({ tool: 'shell', request: null, ...rig.why })

    rig.keepsReports = true
    await waitFor('keys to be taken again', () => {
      rig.type(terminal, '\necho again-$((1+1))\n')
      return rig.output.includes('again-2')
    })
    expect(rig.output).not.toContain('wrong-2')
  })

  it('A62 ends its terminals and what runs in them, in the background and deaf to hanging up too', async () => {
    const rig = await start()
    await rig.unlock()
    const terminal = await rig.open()
    rig.type(terminal, "trap '' HUP; sleep 300 & echo pid=$!;\n")
    await rig.printed(/pid=\d+\r/)
    const pid = Number(/pid=(\d+)\r/.exec(rig.output)?.[1])
    expect(isAlive(pid)).toBe(true)
    const startedMs = performance.now()
    await rig.stop()
    expect(performance.now() - startedMs).toBeLessThan(1_000)
    await waitFor('the job to be gone', () => !isAlive(pid), 1_000)
    expect(isAlive(rig.pid)).toBe(false)
  })

  it('A62 ends the terminals of a tool that is taken back, and no others; given again, it takes a grant again', async () => {
    const rig = await start()
    for (const tool of ['shell', 'processes'] as const) await rig.unlock(tool)
    const terminal = await rig.open()
    rig.type(terminal, 'sleep 300 & echo pid=$!;\n')
    await rig.printed(/pid=\d+\r/)
    const pid = Number(/pid=(\d+)\r/.exec(rig.output)?.[1])
    rig.setTools(['processes'])
    await rig.message('exited', message => message.terminal === terminal)
    await waitFor('the job to be gone', () => !isAlive(pid), 2_000)
    rig.send({ type: 'list', tool: 'processes', request: 1, list: 'live' })
    await rig.message('processes')
    rig.setTools(['shell', 'processes'])
    await waitFor('the tool to be locked', () => {
      rig.send({ type: 'open', tool: 'shell', request: 2, shell: 'sh', columns: 80, rows: 24 })
      return rig.messages.some(message => message.type === 'refused' && message.code === 'tool-locked')
    })
    expect(await rig.recordings()).toHaveLength(1)
  })

  it('force-ends what stays when it is asked to end; the user’s own tool ends what is the user’s and nothing of root’s', async () => {
    const mine = isRoot ? NOBODY : {}
    const roots = await startDeaf()
    const own = await startDeaf(mine)
    const rig = await start()
    await rig.unlock('processes')
    const act = (of: HelperRig, tool: Tool, request: number, verb: string, { pid, startTicks }: Known) =>
      of.send({ type: 'act', tool, request, action: { verb, process: { pid, startTicks } } })
    act(rig, 'processes', 1, 'end', roots)
    await rig.message('done', ({ request }) => request === 1)
    expect(survivors([roots])).toHaveLength(1)

    const user = await start({ level: 'user', ...(isRoot ? { user: NOBODY } : {}) })
    await user.unlock('processes-user')
    user.send({ type: 'list', tool: 'processes-user', request: 1, list: 'live' })
    const list = await user.message('processes', ({ rows }) => rows.some(({ pid }) => pid === own.pid))
    const name = isRoot ? 'nobody' : userInfo().username
    expect([list.tool, list.rows.find(({ pid }) => pid === own.pid)?.user]).toEqual(['processes-user', name])
    if (isRoot) {
      act(user, 'processes-user', 2, 'force-end', roots)
      expect(await user.message('refused', ({ request }) => request === 2)).toMatchObject({ code: 'forbidden' })
    }
    // The elevated tool is another one.
    act(user, 'processes', 3, 'force-end', own)
    expect(await user.message('refused', ({ request }) => request === 3)).toMatchObject({ code: 'forbidden' })
    expect(survivors([roots, own])).toHaveLength(2)
    act(user, 'processes-user', 4, 'force-end', own)
    await user.message('done', ({ request }) => request === 4)
    await waitFor('it to be gone', () => survivors([own]).length === 0)

    act(rig, 'processes', 2, 'force-end', roots)
    await rig.message('done', ({ request }) => request === 2)
    await waitFor('it to be gone', () => survivors([roots]).length === 0)
    const acts = [...rig.reports, ...user.reports].flatMap(said =>
      said.what === 'act' ? [[said.tool, said.verb]] : [],
    )
    expect(acts).toContainEqual(['processes', 'force-end'])
    expect(acts).toContainEqual(['processes-user', 'force-end'])
  })

  it('A89 goes on with its list of processes by itself after a pause', async () => {
    const rig = await start()
    await rig.unlock('processes')
    rig.send({ type: 'list', tool: 'processes', request: 1, list: 'live' })
    await rig.message('processes')
    rig.setPaused(true)
    // It comes over a channel of its own.
    await waitFor('the pause', () => {
      rig.send({ type: 'list', tool: 'processes', request: 2, list: 'recordings' })
      return rig.messages.some(message => message.type === 'refused' && message.code === 'forbidden')
    })
    const told = () => rig.messages.filter(({ type }) => type === 'processes').length
    const before = told()
    rig.setPaused(false)
    await waitFor('the list', () => told() > before)
  })

  it('keeps a shell for who comes back, with its past', async () => {
    const rig = await start()
    await rig.unlock()
    const terminal = await rig.open()
    rig.type(terminal, 'X=kept; echo before-$X\n')
    await rig.printed('before-kept')
    rig.send({ type: 'attach', tool: 'shell', terminal, columns: 90, rows: 20 })
    await rig.message('attached')
    await waitFor('the past', () => rig.output.split('before-kept').length >= 3)
    rig.type(terminal, 'echo after-$X; stty size\n')
    await rig.printed('after-kept')
    await rig.printed('20 90')
  })

  it('A86 reads no more of a program that writes without end than the other side draws', async () => {
    const rig = await start()
    await rig.unlock()
    const terminal = await rig.open()
    rig.type(terminal, 'yes\n')
    await waitFor('the window to be full', () => rig.outputBytes >= 384 * 1024)
    // `yes` would write megabytes in the time that the answers take.
    for (let request = 100; request < 300; request++)
      rig.send({ type: 'list', tool: 'shell', request, list: 'recordings' })
    await rig.message('recordings', reply => reply.request === 299)
    const full = rig.outputBytes
    expect(full).toBeLessThan(600 * 1024)
    rig.send({ type: 'drawn', tool: 'shell', terminal, bytes: 256 * 1024 })
    await waitFor('more', () => rig.outputBytes > full)
    // Ctrl-C reaches a program whose output waits.
    rig.type(terminal, '\u0003')
    rig.send({ type: 'drawn', tool: 'shell', terminal, bytes: 600 * 1024 })
    rig.type(terminal, 'echo still-$((40+2))\n')
    await rig.printed('still-42')
  })

  it('records each shell as asciicast v2, with its commands and how they ended', async () => {
    // Somebody without start files of their own, where that can be chosen.
    const rig = await start({ level: 'user', ...(isRoot ? { user: NOBODY } : {}) })
    const { tool } = rig.claims
    await rig.unlock()
    const terminal = await rig.open('bash')
    await rig.printed(/[#$] $/, 40_000)
    rig.type(terminal, "printf 'grüße\\n'\n")
    await rig.printed('grüße\r\n')
    rig.type(terminal, 'false\n')
    await rig.printed(/697;1;/)
    const [name = ''] = await rig.recordings()
    const lines = (await readFile(join(rig.recordingsDir, name), 'utf8'))
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as unknown)
    expect(lines[0]).toMatchObject({ version: 2, width: 100, height: 30, title: expect.stringContaining('Ada Admin') })
    expect(lines.slice(1).every(line => Array.isArray(line) && typeof line[0] === 'number')).toBe(true)
    rig.send({ type: 'list', tool, request: 5, list: 'recordings' })
    const { recordings } = await rig.message('recordings')
    expect(recordings[0]).toMatchObject({
      name,
      isOfSession: true,
      commands: [{ exitCode: 0 }, { command: 'false', exitCode: 1 }],
    })
    rig.send({ type: 'list', tool, request: 6, list: 'recording', name, offset: 0 })
    expect((await rig.message('part')).text).toContain('grüße')
    rig.send({ type: 'list', tool, request: 8, list: 'recording', name: 'x.cast', offset: 0 })
    expect(await rig.message('refused', ({ request }) => request === 8)).toMatchObject({ code: 'not-found' })
  }, 60_000)
})

/** What a shell makes that does what the frames say. */
const MARK = join(tmpdir(), `handhold-fuzz-${process.pid}`)

/** Messages with up to four of their bytes changed, and bytes that never were one. The same ones each time. */
function mutated(messages: readonly object[], count: number): Uint8Array[] {
  const seeds = messages.map(message => Buffer.from(JSON.stringify(message)))
  const change = fc.tuple(fc.nat(500), fc.integer({ min: 0, max: 255 }))
  const changed = fc
    .tuple(fc.constantFrom(...seeds), fc.array(change, { maxLength: 4 }))
    .map(([seed, changes]): Uint8Array => {
      const bytes = Buffer.from(seed)
      for (const [at, value] of changes) bytes[at % bytes.length] = value
      return bytes
    })
  const noise = fc.uint8Array({ minLength: 1, maxLength: 64 })
  return fc.sample(fc.oneof(changed, noise), { numRuns: count, seed: 8 })
}

describe('a helper’s parser', () => {
  afterEach(() => rmSync(MARK, { force: true }))

  it('A83 takes no name, path or option where a number or a unit stands', async () => {
    const rig = await start()
    for (const tool of ['shell', 'processes', 'services'] as const) await rig.unlock(tool)
    const evil = [
      '; rm -rf /',
      '$(id)',
      '`id`',
      'a\nb',
      'a\0b',
      '--now',
      '-Hroot@host',
      '../x.service',
      'a b.service',
      'x.service;id',
    ]
    for (const unit of evil) rig.send({ type: 'act', tool: 'services', request: 1, action: { verb: 'start', unit } })
    for (const shell of [...evil, '/bin/bash', 'bash -c id'])
      rig.send({ type: 'open', tool: 'shell', request: 1, shell, columns: 80, rows: 24 })
    for (const pid of ['1; rm', -1, 1.5, 2 ** 40])
      rig.send({ type: 'act', tool: 'processes', request: 1, action: { verb: 'end', process: { pid, startTicks: 1 } } })
    rig.send({ type: 'list', tool: 'shell', request: 1, list: 'recording', name: '../../etc/passwd', offset: 0 })
    rig.send({ type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24, args: ['-c', 'id'] })
    await waitFor(
      'every refusal',
      () => rig.messages.filter(({ type }) => type === 'refused').length >= evil.length * 2 + 8,
    )
    expect(rig.reports.filter(({ what }) => what === 'act' || what === 'shell')).toEqual([])
  })

  it('survives 10^5 mutated frames and executes none of them', async () => {
    const rig = await start()
    const seeds = [
      { type: 'open', tool: 'shell', request: 1, shell: 'sh', columns: 80, rows: 24 },
      { type: 'input', tool: 'shell', terminal: 1, data: `touch ${MARK}\n` },
      {
        type: 'act',
        tool: 'processes',
        request: 2,
        action: { verb: 'force-end', process: { pid: process.pid, startTicks: 1 } },
      },
      { type: 'unlock', tool: 'shell', grant: await rig.grant({ tool: 'services' }), proof: 'x' },
      ...['set', 'delete', 'import', 'undo', 'put'].map(verb => ({
        type: 'act',
        tool: 'registry',
        request: 3,
        action: { verb: 'registry', edit: { do: verb, path: 'HKEY_CURRENT_USER\\A', name: 'b', edit: 1, offset: 0 } },
      })),
      {
        type: 'act',
        tool: 'registry',
        request: 4,
        action: { verb: 'registry', edit: { do: 'make', path: 'HKEY_USERS\\A' } },
      },
      {
        type: 'list',
        tool: 'registry',
        request: 5,
        list: 'registry',
        query: { ask: 'keys', path: 'HKEY_USERS', offset: 0 },
      },
    ]
    const frames = mutated(seeds, 100_000)
    for (const [index, frame] of frames.entries()) {
      rig.send(frame)
      if (index % 2_000 === 0) await setImmediate()
    }
    rig.send({ type: 'hello', tool: 'shell' })
    await waitFor('the answer after all of them', () => rig.messages.some(({ type }) => type === 'state'), 60_000)
    expect(rig.hasDied).toBe(false)
    expect(rig.reports.every(({ what }) => what === 'refused')).toBe(true)
    expect(await rig.recordings()).toEqual([])
    expect(existsSync(MARK)).toBe(false)
  }, 90_000)

  it('A83 refuses each of 2,000 mutated frames while its tools are open too, executes none, and does what it is told after them', async () => {
    const rig = await start()
    for (const tool of ['shell', 'processes', 'services', 'registry'] as const) await rig.unlock(tool)
    const terminal = await rig.open()
    const { pid, startTicks } = await startDeaf()
    const typed = { type: 'input', tool: 'shell', terminal, data: `touch ${MARK}\n` }
    const action = { verb: 'force-end', process: { pid, startTicks } }
    const end = { type: 'act', tool: 'processes', request: 1, action }
    // Good but for something too much, which no few changed bytes take away.
    const frames = mutated(
      [
        typed,
        end,
        { type: 'open', tool: 'shell', request: 2, shell: 'sh', columns: 80, rows: 24 },
        { type: 'act', tool: 'services', request: 3, action: { verb: 'stop', unit: 'ssh.service' } },
        { type: 'list', tool: 'processes', request: 4, list: 'live' },
        {
          ...{ type: 'act', tool: 'registry', request: 5 },
          action: { verb: 'registry', edit: { do: 'make', path: 'HKEY_USERS\\A' } },
        },
      ].map(message => ({ ...message, more: 'than there is' })),
      2_000,
    )
    for (const frame of frames) rig.send(frame)
    const refused = () => rig.messages.filter(message => message.type === 'refused').length
    await waitFor('each to be refused', () => refused() >= frames.length)
    expect(refused()).toBe(frames.length)
    expect([existsSync(MARK), isAlive(pid), await rig.recordings()]).toEqual([false, true, [expect.any(String)]])
    expect(new Set(rig.reports.map(({ what }) => what))).toEqual(new Set(['opened', 'shell', 'refused']))

    rig.send(typed)
    rig.send(end)
    await waitFor('both to be done', () => existsSync(MARK) && !isAlive(pid))
  })

  it('A88 closes the descriptor on a length that no frame has, and holds no more than a frame of what is claimed', async () => {
    const rig = await start()
    rig.socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]))
    await waitFor('the helper to close it', () => rig.socket.readableEnded || rig.socket.destroyed)
  })
})
