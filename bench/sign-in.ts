import { parseArgs } from 'node:util'
import { ManualClock } from '#testing/manual-clock.ts'
import { ADMIN, TestRelay } from '#testing/relay.ts'
import { SCRYPT } from '../relay/identity/credentials.ts'
import type { BenchResult } from './result.ts'
import { OptionsError } from './screen/options.ts'

/** Of each kind; three minutes in all. Four times as many halve within what the difference is known (`knownWithinMs`). */
const TRIES = 450
const WARM_UP = 20
/** Longer than wrong tries are remembered, so that none of these is refused for the ones before. */
const FORGOTTEN_MS = 16 * 60_000

/** Whether the clock tells a guesser of sign-ins who has an account: the same wrong password for one that is there, nobody's, and one that is switched off. */
export async function benchSignIn(args: readonly string[]): Promise<BenchResult> {
  const tries = readTries(args)
  const clock = new ManualClock()
  const relay = await TestRelay.start({ clock, passwordHashing: SCRYPT, config: { trustedProxyHops: 1 } })
  const token = await relay.signIn()
  const off = await relay.addOperator(token, 'off@example.org')
  await relay.call('POST', `/v1/operators/${off.user.id}/disable`, { token })
  const kinds = { known: ADMIN.email, unknown: 'nobody@example.org', disabled: off.email }
  const times: Record<keyof typeof kinds, number[]> = { known: [], unknown: [], disabled: [] }
  const names = Object.keys(kinds) as (keyof typeof kinds)[]
  let visitors = 0
  for (let index = -WARM_UP; index < tries; index++) {
    clock.advance(FORGOTTEN_MS)
    // Each in another place of each round: what the machine does meanwhile falls on all of them.
    for (const name of names.map((_, place) => names[(place + Math.abs(index)) % names.length] as keyof typeof kinds)) {
      // The limit by address counts by the machine's own clock.
      const headers = { 'x-forwarded-for': addressOf(visitors++) }
      const startedAtMs = performance.now()
      const { status } = await relay.call('POST', '/v1/sign-in', {
        body: { email: kinds[name], password: 'a wrong one' },
        headers,
      })
      if (status !== 401) throw new Error(`answered ${status}`)
      if (index >= 0) times[name].push(performance.now() - startedAtMs)
    }
  }
  await relay.close()
  const compared = (['unknown', 'disabled'] as const).map(name => ({ name, ...welch(times.known, times[name]) }))
  const json = {
    tries,
    meanMs: round(mean(times.known)),
    differenceMs: Math.max(...compared.map(({ differenceMs }) => Math.abs(differenceMs))),
    knownWithinMs: Math.max(...compared.map(({ withinMs }) => withinMs)),
    welchT: Math.max(...compared.map(({ t }) => Math.abs(t))),
  }
  return { rows: compared, json }
}

const addressOf = (visitor: number): string => `198.18.${(visitor >> 8) & 255}.${visitor & 255}`

/** Welch's test: how far apart two means are, within what that is known (95 in 100), and by how many of their errors. */
function welch(one: readonly number[], other: readonly number[]) {
  const differenceMs = mean(one) - mean(other)
  const error = Math.sqrt(errorOf(one) + errorOf(other))
  return { differenceMs: round(differenceMs), withinMs: round(1.96 * error), t: round(differenceMs / error) }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const round = (value: number): number => Math.round(value * 100) / 100

/** The variance of the mean. */
function errorOf(values: readonly number[]): number {
  const middle = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return squares / (values.length - 1) / values.length
}

function readTries(args: readonly string[]): number {
  const { values } = parseArgs({ args: [...args], options: { tries: { type: 'string' } }, strict: false })
  const tries = values.tries === undefined ? TRIES : Number(values.tries)
  if (args.length === (values.tries === undefined ? 0 : 2) && Number.isInteger(tries) && tries > 1) return tries
  throw new OptionsError('npm run bench -- sign-in [--tries N]')
}
