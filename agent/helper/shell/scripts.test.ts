import { afterEach, describe, expect, it } from 'vitest'
import { type ScriptDefinition, scriptDigest } from '#protocol/scripts/script.ts'
import { HelperRig } from '#testing/helper-rig.ts'

const rigs: HelperRig[] = []
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close()
})

const GREET: ScriptDefinition = {
  tool: 'shell',
  program: 'sh',
  text: 'printf "[%s]\\n" "$GREETING" "$#"; exit 3',
  parameters: [{ name: 'GREETING', label: 'Greeting', kind: { type: 'text', maxLength: 80 } }],
}

async function start(): Promise<HelperRig> {
  const rig = await HelperRig.start()
  rigs.push(rig)
  await rig.unlock()
  return rig
}

const grantFor = async (rig: HelperRig, definition: ScriptDefinition, jti = 'grt_script_0123456789') => ({
  grant: await rig.grant({ jti, script: { digest: await scriptDigest(definition), name: 'Greet' } }),
  proof: await rig.proof(jti),
})
const open = (request: number, script: object) => ({
  ...{ type: 'open', tool: 'shell', request, shell: 'sh', columns: 80, rows: 24 },
  script,
})

describe('a script of the library', () => {
  it('A83 runs as it was granted; its values are environment and never commands; its end, report and recording are kept', async () => {
    const rig = await start()
    const values = { GREETING: '$(id); `id`; "\n--x' }
    rig.send(open(1, { ...(await grantFor(rig, GREET)), definition: GREET, values }))
    const { terminal } = await rig.message('opened')
    expect(terminal).toMatchObject({ shell: 'Greet', isScript: true })
    expect(await rig.message('exited')).toMatchObject({ terminal: terminal.terminal, exitCode: 3 })
    expect(rig.output).toContain('[$(id); `id`; "\r\n--x]\r\n[0]')
    expect(rig.reports.at(-1)).toMatchObject({ what: 'script', name: 'Greet', digest: await scriptDigest(GREET) })
    expect(await rig.recordings()).toEqual([terminal.recording])
  })

  it('shows what it printed to who looks after its end, until it is closed', async () => {
    const rig = await start()
    rig.send(open(1, { ...(await grantFor(rig, GREET)), definition: GREET, values: { GREETING: 'hello' } }))
    const { terminal } = (await rig.message('opened')).terminal
    await rig.message('exited')
    const told = (type: string) => rig.messages.filter(message => message.type === type).length
    const look = { type: 'attach', tool: 'shell', terminal, columns: 80, rows: 24 }
    const before = rig.output.length
    rig.send(look)
    await expect.poll(() => told('exited')).toBe(2)
    expect(rig.output.slice(before)).toBe('[hello]\r\n[0]\r\n')
    expect(told('attached')).toBe(1)
    rig.send({ type: 'hello', tool: 'shell' })
    expect(await rig.message('state', ({ terminals }) => terminals.length > 0)).toMatchObject({
      terminals: [{ terminal, isScript: true }],
    })
    // Nobody types into what is over.
    rig.send({ type: 'input', tool: 'shell', terminal, data: 'x' })
    rig.send({ type: 'drawn', tool: 'shell', terminal, bytes: 9 })
    rig.send({ type: 'close', tool: 'shell', terminal })
    rig.send(look)
    expect(await rig.message('refused')).toMatchObject({ code: 'not-found' })
    expect([told('attached'), told('refused')]).toEqual([1, 1])
  })

  it('leaves nothing behind when it is closed while it runs', async () => {
    const rig = await start()
    const waits = { ...GREET, text: 'sleep 300' }
    rig.send(open(1, { ...(await grantFor(rig, waits)), definition: waits, values: { GREETING: '' } }))
    const { terminal } = (await rig.message('opened')).terminal
    rig.send({ type: 'close', tool: 'shell', terminal })
    await rig.message('exited')
    rig.send({ type: 'attach', tool: 'shell', terminal, columns: 80, rows: 24 })
    expect(await rig.message('refused')).toMatchObject({ code: 'not-found' })
  })

  it('A80 isn’t run with another text, tool or value than was granted, twice, or by a grant that opens a shell; and opens none', async () => {
    const rig = await start()
    const granted = await grantFor(rig, GREET)
    const values = { GREETING: 'hello' }
    const evil = { ...GREET, text: 'touch /tmp/x' }
    const plain = { grant: await rig.grant(), proof: await rig.proof() }
    const tries = [
      { ...granted, definition: evil, values },
      {
        ...(await grantFor(rig, { ...GREET, tool: 'shell-user' }, 'grt_script_1123456789')),
        definition: GREET,
        values,
      },
      { ...(await grantFor(rig, GREET, 'grt_script_2123456789')), definition: GREET, values: {} },
      {
        ...(await grantFor(rig, GREET, 'grt_script_3123456789')),
        definition: GREET,
        values: { ...values, PATH: '/tmp' },
      },
      { ...granted, definition: GREET, values },
      { ...plain, definition: GREET, values },
    ]
    for (const [index, script] of tries.entries()) {
      rig.send(open(100 + index, script))
      const { code } = await rig.message('refused', ({ request }) => request === 100 + index)
      expect([index, code]).toEqual([index, index === 2 || index === 3 ? 'bad-request' : 'grant-invalid'])
    }
    const other = await HelperRig.start()
    rigs.push(other)
    const asKey = await grantFor(other, GREET)
    other.send({ type: 'unlock', tool: 'shell', ...asKey })
    expect(await other.message('refused')).toMatchObject({ code: 'grant-invalid' })
    expect([...(await rig.recordings()), ...(await other.recordings())]).toEqual([])
  })
})
