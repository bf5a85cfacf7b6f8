import { request as requestHttps } from 'node:https'
import { HandholdError } from '#protocol/errors.ts'
import { HTTP_BODY_MAX_BYTES, HTTP_REQUEST_TIMEOUT_MS } from '#protocol/limits.ts'
import { proxyAgent, proxyProblem } from '../../reach/proxy.ts'

// Imported, this module would give all of its exports a value, and one of them loads the whole of Node's own fetch.
const { request: requestHttp } = process.getBuiltinModule('node:http')

export interface JsonReply {
  readonly status: number
  /** Undefined when the reply wasn't JSON. */
  readonly body: unknown
}

/**
 * Sends one JSON request. Rejects with `relay-unreachable`, `timeout` after 15 s, or the signal's reason; a reply over 64 KiB is refused.
 * Node's `fetch` would do, but what it loads for one request would stay in a service that runs for months.
 */
export function postJson(url: URL, body: object, signal: AbortSignal, proxy?: string): Promise<JsonReply> {
  const payload = Buffer.from(JSON.stringify(body))
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: 'POST',
      agent: proxy === undefined ? false : proxyAgent(proxy),
      // Said here, because a variable of the environment could say otherwise.
      ...(url.protocol === 'https:' && { rejectUnauthorized: true, minVersion: 'TLSv1.2' }),
      signal,
      headers: { 'content-type': 'application/json', 'content-length': payload.length },
    })
    const timer = setTimeout(() => request.destroy(timedOut()), HTTP_REQUEST_TIMEOUT_MS)
    request.on('close', () => clearTimeout(timer))
    request.on('error', error => reject(error instanceof HandholdError || signal.aborted ? error : unreachable(error)))
    request.on('response', response => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > HTTP_BODY_MAX_BYTES) request.destroy(unreachable(new Error('the reply is too large')))
        else chunks.push(chunk)
      })
      response.on('error', error => reject(unreachable(error)))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }))
    })
    request.end(payload)
  })
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return undefined
  }
}

const timedOut = () => new HandholdError('timeout', 'The relay did not answer in time.')
const unreachable = (cause: Error) =>
  new HandholdError('relay-unreachable', `The relay can’t be reached: ${proxyProblem(cause) ?? cause.message}.`, {
    cause,
  })
