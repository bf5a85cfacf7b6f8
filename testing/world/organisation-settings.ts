import { z } from 'zod'
import type { Settings } from '#protocol/policy/settings.ts'
import { administratorCalls } from './relay-calls.ts'
import type { RelayProgram } from './relay-program.ts'

const groupList = z.object({ groups: z.array(z.object({ id: z.string(), path: z.string() })) })

/** Sets these for every device of the organisation. */
export async function setForOrganisation(relay: RelayProgram, set: Partial<Settings>): Promise<void> {
  const call = await administratorCalls(relay)
  const { groups } = groupList.parse(await call('GET', '/v1/groups'))
  const root = groups.find(({ path }) => path === '/')
  await call('PATCH', `/v1/groups/${root?.id}/settings`, { set })
}
