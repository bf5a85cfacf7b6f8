import { z } from 'zod'
import type { Settings } from '#protocol/policy/settings.ts'
import type { RelayProgram } from './relay-program.ts'

const signedIn = z.object({ token: z.string() })
const groupList = z.object({ groups: z.array(z.object({ id: z.string(), path: z.string() })) })

/** Lets the organisation's administrator open its devices where nobody is, with these settings beside. */
export async function allowUnattended(
  { url, administrator: { email, password } }: RelayProgram,
  settings: Partial<Settings> = {},
): Promise<void> {
  const call = async (method: string, path: string, { body, token }: { body?: object; token?: string }) => {
    const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
    const reply = await fetch(new URL(path, url), { method, headers, ...(body && { body: JSON.stringify(body) }) })
    if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`)
    return reply.status === 204 ? undefined : reply.json()
  }
  const { token } = signedIn.parse(await call('POST', '/v1/sign-in', { body: { email, password } }))
  const { groups } = groupList.parse(await call('GET', '/v1/groups', { token }))
  const root = groups.find(({ path }) => path === '/')
  await call('PATCH', `/v1/groups/${root?.id}/settings`, { body: { set: { unattended: true, ...settings } }, token })
}
