import { Agent } from 'node:https'
import { z } from 'zod'

/** Where an HTTP proxy is, with the name and the password that it wants, if any. */
export const proxySchema = z
  .url({ protocol: /^https?$/, error: 'must be an http:// or https:// address' })
  .max(500)
  .refine(text => URL.parse(text)?.pathname === '/', 'must be an address without a path')

/** For one request or socket through the proxy, by CONNECT: it sees whom it leads to and nothing else. */
export const proxyAgent = (proxy: string): Agent => new Agent({ proxyEnv: { HTTPS_PROXY: proxy } })

/** What a person can do about a proxy that refuses; undefined for everything else that may have gone wrong. */
export function proxyProblem(thrown: unknown): string | undefined {
  // Node's `fetch` wraps it twice and has no code of its own for it.
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const [, status] = /^Proxy response \((\d{3})\)/.exec(error.message) ?? []
    if (status !== undefined) return refusalWords(Number(status))
    if ('code' in error && error.code === 'ERR_PROXY_TUNNEL')
      return refusalWords('statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : undefined)
  }
  return undefined
}

export function refusalWords(status: number | undefined): string {
  if (status === 407)
    return 'the proxy wants a name and a password: set them in “proxy”, http://name:password@proxy:3128'
  return status === undefined ? 'the proxy refused' : `the proxy refused with ${status}`
}
