import type { z } from 'zod'
import { type AdminCalls, adminCalls } from '#ipc/admin/calls.ts'
import type { CallHandlers } from '#ipc/contract.ts'
import { HandholdError } from '#protocol/errors.ts'
import type { Credentials } from '../auth/auth.ts'
import { requestRelay } from '../relay-client/http.ts'
import type { Shell } from '../shell/shell.ts'
import type { ReadableState } from '../state.ts'
import { ADMIN_ROUTES, type RelayCallName } from './routes.ts'

export type AdminHandlers = CallHandlers<{ calls: AdminCalls; events: Record<never, never> }>

export interface AdminDependencies {
  readonly credentials: ReadableState<Credentials | undefined>
  readonly shell: Pick<Shell, 'saveFile'>
}

/** What the administration pages may ask for, each call at its own route of the relay and with the person's own rights. */
export function setupAdmin({ credentials, shell }: AdminDependencies): AdminHandlers {
  const ask = async <K extends RelayCallName>(name: K, args: unknown): Promise<unknown> => {
    const current = credentials.get()
    if (!current) throw new HandholdError('unauthenticated', 'Sign in to administer the organisation.')
    const { method, path, body } = ADMIN_ROUTES[name]
    const reply: z.ZodType = adminCalls[name].result
    return requestRelay(current.origin, {
      method,
      path: path(args as never),
      token: current.token,
      ...(body ? { body: body(args as never) } : {}),
      ...(reply.type === 'void' ? {} : { reply }),
    })
  }
  const handlers = Object.keys(ADMIN_ROUTES).map(name => [name, (args: unknown) => ask(name as RelayCallName, args)])
  return {
    ...(Object.fromEntries(handlers) as Omit<AdminHandlers, 'saveText'>),
    saveText: async ({ suggestedName, text }) => {
      const name = await shell.saveFile({ suggestedName, contents: text })
      return name === undefined ? null : { name }
    },
  }
}
