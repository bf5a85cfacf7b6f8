import type { ErrorCode } from '#protocol/errors.ts'
import type { Problem } from '#protocol/problem.ts'

/** What the relay refused, with its words. */
export class Refusal extends Error {
  readonly code: ErrorCode | 'unreachable'

  constructor(code: Refusal['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** One request to the relay that served this page; its answers are trusted as its scripts are. Rejects with a `Refusal`. */
export async function ask<T = void>(method: string, path: string, body?: unknown, token?: string): Promise<T> {
  const response = await fetch(path, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'error',
    credentials: 'omit',
    cache: 'no-store',
  }).catch(() => {
    throw new Refusal('unreachable', 'The relay can’t be reached. Check your connection, then try again.')
  })
  const text = await response.text()
  if (!response.ok) throw refusalOf(text)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

function refusalOf(text: string): Refusal {
  try {
    const { code, detail } = JSON.parse(text) as Problem
    return new Refusal(code, detail)
  } catch {
    return new Refusal('internal', 'The relay answered in a way that this page doesn’t know. Load it again.')
  }
}

export const wordsOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : 'Something failed. Load the page again.'
