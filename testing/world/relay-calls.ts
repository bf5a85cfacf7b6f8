import { z } from 'zod'
import type { Administrator } from './relay-program.ts'

const signedIn = z.object({ token: z.string() })

/** What an administrator's script would do: calls of the relay's API with a sign-in of its own. */
export async function administratorCalls(relay: {
  readonly url: string
  readonly administrator: Pick<Administrator, 'email' | 'password'>
}) {
  const { email, password } = relay.administrator
  const call = async (method: string, path: string, body?: object, token?: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const reply = await fetch(new URL(path, relay.url), {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
    return reply.status === 204 ? undefined : reply.json()
  }
  const { token } = signedIn.parse(await call('POST', '/v1/sign-in', { email, password }))
  return (method: string, path: string, body?: object) => call(method, path, body, token)
}
