import type { HeadTarget } from '../domain/audit/copies.ts'

const TIMEOUT_MS = 10_000

/** POSTs heads as lines. Any answer but 2xx is a failure, and a redirect is none that anybody configured. */
export const httpTarget = (url: string): HeadTarget => ({
  name: `http ${url}`,
  async send(heads) {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: heads.map(head => `${head}\n`).join(''),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    if (!response.ok) throw new Error(`The target answered ${response.status}.`)
  },
})
