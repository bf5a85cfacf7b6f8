import { afterEach, describe, expect, it } from 'vitest'
import { scriptDigest } from '#protocol/scripts/script.ts'
import { WATCH_LAPSE_MS } from '#protocol/tools/watch/limits.ts'
import { HelperRig } from '#testing/helper-rig.ts'
import { makeTestKey } from '#testing/keys.ts'
import { waitFor } from '#testing/wait-for.ts'

const rigs: HelperRig[] = []
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close()
})

/** A helper whose shell was granted for two. */
async function start(): Promise<HelperRig> {
  const rig = await HelperRig.start()
  rigs.push(rig)
  const grant = await rig.grant({ twoPerson: true })
  rig.send({ type: 'unlock', tool: 'shell', grant, proof: await rig.proof() })
  const state = await rig.message('state', ({ isUnlocked }) => isUnlocked)
  expect([state.twoPerson, state.watcher]).toEqual([true, null])
  return rig
}

const refusals = (rig: HelperRig) => rig.messages.flatMap(message => (message.type === 'refused' ? [message.code] : []))
const watchers = (rig: HelperRig) =>
  rig.messages.flatMap(message => (message.type === 'watched' ? [message.watcher] : []))

/** Beats as an app does, until the function that it returns is called. */
async function keepWatching(rig: HelperRig): Promise<() => void> {
  await rig.watch()
  const timer = setInterval(() => void rig.watch(), 500)
  return () => clearInterval(timer)
}

describe('a tool that takes two', () => {
  it('takes nothing before somebody looks, shows them what is done, and is frozen within two seconds of their going', async () => {
    const rig = await start()
    rig.send({ type: 'open', tool: 'shell', request: 900, shell: 'sh', columns: 100, rows: 30 })
    expect(await rig.message('refused', ({ request }) => request === 900)).toMatchObject({ code: 'second-person-away' })
    expect(await rig.recordings()).toEqual([])

    const goAway = await keepWatching(rig)
    await waitFor('the helper to know', () => watchers(rig).at(-1) === 'Rosa Lindt <rosa@example.org>')
    const terminal = await rig.open()
    rig.type(terminal, 'echo seen-by-$((1+1))\n')
    await rig.printed('seen-by-2')
    await waitFor('the second person to see it', () => rig.shownText.includes('seen-by-2'))

    goAway()
    const goneMs = performance.now()
    await waitFor('the helper to notice', () => watchers(rig).at(-1) === null, 4_000)
    expect(performance.now() - goneMs).toBeLessThan(2_000)
    rig.type(terminal, 'echo wrong-$((1+1))\n')
    await waitFor('the refusal', () => refusals(rig).filter(code => code === 'second-person-away').length === 2)

    const stop = await keepWatching(rig)
    await waitFor('the helper to know again', () => watchers(rig).at(-1) !== null)
    rig.type(terminal, 'echo right-$((1+1))\n')
    await rig.printed('right-2')
    // Who comes back is shown what there was.
    await waitFor('the past', () => rig.shownText.split('seen-by-2').length >= 3)
    stop()
    // The person at the device reads each of them, and when they went.
    const rosa = 'Rosa Lindt <rosa@example.org>'
    expect(rig.toldWatchers.slice(0, 3)).toEqual([rosa, null, rosa])
    expect(rig.output).not.toContain('wrong-2')
    expect(WATCH_LAPSE_MS).toBeLessThan(2_000)
  })

  it('is wanted for a script that was granted for two, also where its shell was opened before that, and is shown what it prints', async () => {
    const rig = await HelperRig.start()
    rigs.push(rig)
    await rig.unlock()
    const definition = { tool: 'shell', program: 'sh', text: 'echo script-$((1+1))', parameters: [] } as const
    const named = { digest: await scriptDigest({ ...definition, parameters: [] }), name: 'Add up' }
    const run = async (request: number, jti: string) => {
      const grant = await rig.grant({ jti, twoPerson: true, script: named })
      const script = { grant, proof: await rig.proof(jti), definition, values: {} }
      rig.send({ type: 'open', tool: 'shell', request, shell: 'sh', columns: 80, rows: 24, script })
    }
    await run(902, 'grt_script_0123456789')
    expect(await rig.message('refused', ({ request }) => request === 902)).toMatchObject({ code: 'second-person-away' })
    expect(await rig.recordings()).toEqual([])
    const stop = await keepWatching(rig)
    await waitFor('the helper to know', () => watchers(rig).at(-1) !== undefined)
    await run(903, 'grt_script_1123456789')
    expect(await rig.message('exited')).toMatchObject({ exitCode: 0 })
    await waitFor('the second person to see it', () => rig.shownText.includes('script-2'))
    stop()
  })

  it('A80 believes no beat of the operator, of another session, device or tool, of a stranger’s key, or said before', async () => {
    const rig = await start()
    const other = await HelperRig.start()
    rigs.push(other)
    const stranger = await makeTestKey()
    await rig.watch({ sub: rig.claims.sub })
    await rig.watch({ sid: other.claims.sid })
    await rig.watch({ aud: other.claims.aud })
    await rig.watch({ tools: ['processes'] })
    await rig.watch({ cnf: { jkt: stranger.thumbprint } })
    rig.send({ type: 'open', tool: 'shell', request: 901, shell: 'sh', columns: 80, rows: 24 })
    expect(await rig.message('refused', ({ request }) => request === 901)).toMatchObject({ code: 'second-person-away' })
    expect(await rig.recordings()).toEqual([])
  })

  it('stops when what is shown doesn’t arrive', async () => {
    const rig = await start()
    // Beats that say that nothing ever came.
    const timer = setInterval(() => void rig.watch({}, 0), 500)
    await waitFor('the helper to know', () => watchers(rig).at(-1) !== undefined)
    const terminal = await rig.open()
    rig.type(terminal, 'echo here\n')
    await waitFor(
      'it to stop',
      () => {
        rig.type(terminal, ' ')
        return refusals(rig).includes('second-person-away')
      },
      10_000,
    )
    clearInterval(timer)
    expect(watchers(rig).at(-1)).not.toBeNull()
  })
})
