import { spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { HelperRig, type HelperRigOptions } from '#testing/helper-rig.ts'
import { makeTestKey } from '#testing/keys.ts'
import { listenersOf } from '#testing/listeners.ts'
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
    await rig.printed('node:0:')
    await rig.printed('ours:0:')
  })

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
    expect(recordings[0]).toMatchObject({ name, commands: [{ exitCode: 0 }, { command: 'false', exitCode: 1 }] })
    rig.send({ type: 'list', tool, request: 6, list: 'recording', name, offset: 0 })
    expect((await rig.message('part')).text).toContain('grüße')
    rig.send({ type: 'list', tool, request: 8, list: 'recording', name: 'x.cast', offset: 0 })
    expect(await rig.message('refused', ({ request }) => request === 8)).toMatchObject({ code: 'not-found' })
  }, 60_000)
})

describe('a helper’s parser', () => {
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
      { type: 'input', tool: 'shell', terminal: 1, data: 'touch /tmp/handhold-fuzz\n' },
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
    ].map(message => Buffer.from(JSON.stringify(message)))
    const mutated = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(fc.tuple(fc.nat(500), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
      )
      .map(([seed, changes]) => {
        const bytes = Buffer.from(seed)
        for (const [at, value] of changes) bytes[at % bytes.length] = value
        return bytes
      })
    const frames = fc.sample(fc.oneof(mutated, fc.uint8Array({ minLength: 1, maxLength: 64 })), {
      numRuns: 100_000,
      seed: 8,
    })
    for (const [index, frame] of frames.entries()) {
      rig.send(frame)
      if (index % 2_000 === 0) await setImmediate()
    }
    rig.send({ type: 'hello', tool: 'shell' })
    await waitFor('the answer after all of them', () => rig.messages.some(({ type }) => type === 'state'), 60_000)
    expect(rig.hasDied).toBe(false)
    expect(rig.reports.every(({ what }) => what === 'refused')).toBe(true)
    expect(await rig.recordings()).toEqual([])
  }, 90_000)

  it('A88 closes the descriptor on a length that no frame has, and holds no more than a frame of what is claimed', async () => {
    const rig = await start()
    rig.socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1, 2, 3]))
    await waitFor('the helper to close it', () => rig.socket.readableEnded || rig.socket.destroyed)
  })
})
