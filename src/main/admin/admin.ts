import { z } from 'zod'
import { type AdminCalls, adminCalls } from '#ipc/admin/calls.ts'
import { LIST_MAX_ROWS } from '#ipc/admin/whole-list.ts'
import type { CallHandlers } from '#ipc/contract.ts'
import { HandholdError } from '#protocol/errors.ts'
import type { Credentials } from '../auth/auth.ts'
import { type RelayRequest, requestRelay } from '../relay-client/http.ts'
import type { ScriptRuns } from '../scripts/script-runs.ts'
import type { Shell } from '../shell/shell.ts'
import type { ReadableState } from '../state.ts'
import type { OrganisationAdmin } from '../trust/organisation-admin.ts'
import { ADMIN_ROUTES, type AdminRoute, type RelayCallName, reportPath } from './routes.ts'

export type AdminHandlers = CallHandlers<{ calls: AdminCalls; events: Record<never, never> }>

export interface AdminDependencies {
  readonly credentials: ReadableState<Credentials | undefined>
  readonly shell: Pick<Shell, 'saveFile'>
  readonly organisation: OrganisationAdmin
  readonly scriptRuns: ScriptRuns
}

type Ask = <T>(request: Omit<RelayRequest<T>, 'token'>) => Promise<T>

/** What the administration pages may ask for, each call at its own route of the relay and with the person's own rights. */
export function setupAdmin({ credentials, shell, organisation, scriptRuns }: AdminDependencies): AdminHandlers {
  const ask: Ask = async request => {
    const current = credentials.get()
    if (!current) throw new HandholdError('unauthenticated', 'Sign in to administer the organisation.')
    return requestRelay(current.origin, { ...request, token: current.token })
  }
  const save = async (suggestedName: string, contents: string) => {
    const name = await shell.saveFile({ suggestedName, contents })
    return name === undefined ? null : { name }
  }
  const handlers = Object.entries(ADMIN_ROUTES).map(([name, route]) => [
    name,
    (args: unknown) => run(ask, name as RelayCallName, route as AdminRoute<unknown>, args),
  ])
  return {
    ...(Object.fromEntries(handlers) as Pick<AdminHandlers, RelayCallName>),
    ...organisation,
    ...scriptRuns,
    saveText: ({ suggestedName, text }) => save(suggestedName, text),
    saveReport: async query => {
      const path = reportPath('/v1/reports/sessions.csv', query)
      return save(`sessions-by-${query.by}.csv`, await ask({ method: 'GET', path, reply: z.string(), isText: true }))
    },
  }
}

async function run(ask: Ask, name: RelayCallName, route: AdminRoute<unknown>, args: unknown): Promise<unknown> {
  const reply: z.ZodType = adminCalls[name].result
  const path = route.path(args)
  if (route.list) return wholeList(ask, path, route.list)
  return ask({
    method: route.method,
    path,
    ...(route.body ? { body: route.body(args) } : {}),
    ...(reply.type === 'void' ? {} : { reply }),
    ...(reply.type === 'string' ? { isText: true } : {}),
  })
}

/** Every page of a list as one. The rows are checked where the answer leaves main, as every answer is. */
async function wholeList(ask: Ask, path: string, name: string): Promise<Record<string, unknown[]>> {
  const page = z.object({ [name]: z.array(z.unknown()), nextCursor: z.string().nullable() })
  const rows: unknown[] = []
  for (let cursor: unknown = ''; cursor !== null; ) {
    const query = new URLSearchParams({ limit: '200', ...(cursor ? { cursor: String(cursor) } : {}) })
    const reply: Record<string, unknown> = await ask({ method: 'GET', path: `${path}?${query}`, reply: page })
    rows.push(...(reply[name] as unknown[]))
    cursor = rows.length < LIST_MAX_ROWS ? reply.nextCursor : null
  }
  return { [name]: rows }
}
