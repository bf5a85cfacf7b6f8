import { expect, it } from 'vitest'
import { mutateTokens } from '#testing/mutated-tokens.ts'

const TOKENS = 5_000
const SEED = 20_261_122

it('A13 of thousands of changed tokens none is accepted and none breaks anything', { timeout: 300_000 }, async () => {
  expect(await mutateTokens(TOKENS, SEED)).toEqual({
    mutatedTokens: TOKENS,
    mutatedTokensAccepted: 0,
    mutatedTokensFailed: 0,
  })
})
