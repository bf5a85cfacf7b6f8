import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'

let folder: string
let children: ChildProcess[]
beforeEach(async () => {
  children = []
  folder = await mkdtemp(join(tmpdir(), 'handhold-main-'))
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await chmod(folder, 0o700)
  await rm(folder, { recursive: true, force: true })
})

/** The relay as a process of its own. */
function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), ...args], {
    env: { PATH: process.env.PATH, HANDHOLD_RELAY_DATA_DIR: folder, HANDHOLD_RELAY_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  children.push(child)
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', data => {
    stdout += data
  })
  child.stderr?.on('data', data => {
    stderr += data
  })
  const exit = new Promise<{ code: number | null; stdout: string; stderr: string }>(resolve =>
    child.once('close', code => resolve({ code, stdout, stderr })),
  )
  const ready = new Promise<string>(resolve =>
    child.once('message', message => resolve(z.object({ ready: z.string() }).parse(message).ready)),
  )
  return { child, exit, ready }
}

const oneLine = /^handhold-relay: [^\n]+\n$/

describe('handhold-relay', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('serves when it says so, and stops in order on %s', async signal => {
    const relay = run([])
    const url = await relay.ready
    expect(await (await fetch(new URL('/healthz', url))).json()).toMatchObject({ status: 'ok' })
    relay.child.kill(signal)
    const { code, stdout, stderr } = await relay.exit
    expect(code).toBe(0)
    expect(stderr).toBe('')
    const lines = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'listening', url }))
    expect(lines).toContainEqual(expect.objectContaining({ file: join(folder, 'bootstrap-secret') }))
  })

  it('says which port is taken and what to set', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => taken.once('listening', resolve))
    const { port } = z.object({ port: z.number() }).parse(taken.address())
    const { code, stderr } = await run([], { HANDHOLD_RELAY_PORT: String(port) }).exit
    taken.close()
    expect(code).toBe(1)
    expect(stderr).toMatch(oneLine)
    expect(stderr).toContain(`Port ${port} is taken. Set HANDHOLD_RELAY_PORT`)
  })

  it('says that the data folder cannot be written', async () => {
    const file = join(folder, 'a-file')
    await writeFile(file, '')
    const { code, stderr } = await run([], { HANDHOLD_RELAY_DATA_DIR: join(file, 'data') }).exit
    expect(code).toBe(1)
    expect(stderr).toMatch(oneLine)
    expect(stderr).toContain('HANDHOLD_RELAY_DATA_DIR')
  })

  it('says what is wrong with its settings and arguments', async () => {
    const [bad, unknown, option] = await Promise.all([
      run([], { HANDHOLD_RELAY_PORT: 'x' }).exit,
      run(['dance']).exit,
      run(['--fast']).exit,
    ])
    const tls = await run([], { HANDHOLD_RELAY_TLS_CERT_FILE: '/nowhere', HANDHOLD_RELAY_TLS_KEY_FILE: '/nowhere' })
      .exit
    for (const { code, stderr } of [bad, unknown, option, tls]) {
      expect(code).toBe(1)
      expect(stderr).toMatch(oneLine)
    }
  })

  it('helps', async () => {
    const [help, version] = await Promise.all([run(['--help']).exit, run(['--version']).exit])
    expect(help.stdout).toContain('HANDHOLD_RELAY_DATA_DIR')
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('helps with every verb that it lists, and does nothing else then', async () => {
    const overview = (await run(['--help']).exit).stdout
    const verbs = [...overview.matchAll(/^ {2}handhold-relay ([a-z-]+(?: [a-z-]+)?)/gm)].map(([, verb = '']) => verb)
    expect(verbs).toEqual(expect.arrayContaining(['serve', 'backup', 'restore', 'policy apply', 'enrol-token create']))
    const helps = await Promise.all(verbs.map(verb => run([...verb.split(' '), '--help']).exit))
    for (const [index, { code, stdout, stderr }] of helps.entries()) {
      expect([verbs[index], code, stderr]).toEqual([verbs[index], 0, ''])
      expect(stdout.startsWith(`handhold-relay ${verbs[index]}`)).toBe(true)
      expect(stdout.split('\n').length).toBeGreaterThan(4)
    }
    expect(await readdir(folder)).toEqual([])
  }, 60_000)
})
