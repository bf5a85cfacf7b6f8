import type { z } from 'zod'
import { HandholdError } from '#protocol/errors.ts'
import { HTTP_REQUEST_TIMEOUT_MS } from '#protocol/limits.ts'
import { refusalOf } from '#protocol/problem.ts'
import { proxyProblem } from '../../../reach/proxy.ts'

/** A reply larger than this is not one of ours: 10,000 devices take about 4 MiB. */
const REPLY_MAX_BYTES = 16 * 1024 * 1024

export interface RelayRequest<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: unknown
  readonly token?: string
  /** What a good reply holds; undefined for a reply without a body. */
  readonly reply?: z.ZodType<T>
  /** A good reply is text and no JSON. */
  readonly isText?: boolean
  readonly signal?: AbortSignal
}

/**
 * One request to the relay at `origin`. Resolves with the checked reply.
 * Rejects with the relay's own refusal, or `relay-unreachable` with what to check.
 */
export async function requestRelay<T = undefined>(origin: string, request: RelayRequest<T>): Promise<T> {
  const response = await send(origin, request)
  const text = await readBounded(response)
  if (!response.ok) throw refusalOf(parseJson(text)) ?? notOurs(response.status)
  if (!request.reply) return undefined as T
  const parsed = request.reply.safeParse(request.isText ? text : parseJson(text))
  if (parsed.success) return parsed.data
  throw new HandholdError(
    'internal',
    `The relay at ${origin} answered in a way that this app doesn't know. Update the app.`,
    {
      cause: parsed.error,
    },
  )
}

async function send<T>(
  origin: string,
  { method, path, body, token, signal, isText }: RelayRequest<T>,
): Promise<Response> {
  const timeout = AbortSignal.timeout(HTTP_REQUEST_TIMEOUT_MS)
  const headers: Record<string, string> = { accept: isText ? '*/*' : 'application/json' }
  if (token !== undefined) headers.authorization = `Bearer ${token}`
  if (body !== undefined) headers['content-type'] = 'application/json'
  // Node asks it at each handshake, and `fetch` takes no word of ours against it: with it nobody would know whose relay this is.
  delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
  try {
    return await fetch(new URL(path, origin), {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A redirect would carry the token to a place that nobody chose.
      redirect: 'error',
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    })
  } catch (cause) {
    throw new HandholdError('relay-unreachable', `The relay at ${origin} can't be reached. ${advice(cause)}`, { cause })
  }
}

function advice(thrown: unknown): string {
  const why = proxyProblem(thrown)
  return why ? `Your ${why.replace(/^the /, '')}.` : 'Check the address and your connection, then try again.'
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > REPLY_MAX_BYTES) throw new HandholdError('internal', 'The relay sent more than any answer may hold.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const notOurs = (status: number) =>
  new HandholdError('internal', `The relay answered with status ${status}. Is this the address of a Handhold relay?`)

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
