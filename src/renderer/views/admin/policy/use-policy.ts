import { useCallback } from 'react'
import type { AssignmentView, GroupView, RoleView } from '#protocol/policy/http.ts'
import type { AdminCall } from '../../../stores/admin/admin-app.ts'
import { refusalOf } from '../../../stores/refusal.ts'
import { useReady } from '../../app-context.ts'
import { type Source, useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'

export interface NamedPerson {
  readonly id: string
  readonly name: string
  readonly email: string
}

/** Everything that says who may do what where. */
export interface Policy {
  readonly groups: readonly GroupView[]
  readonly roles: readonly RoleView[]
  readonly assignments: readonly AssignmentView[]
  /** Only the person themself, for somebody who may not see the list of people. */
  readonly people: readonly NamedPerson[]
}

/** Whose or where a list of roles is: it leaves out what its heading says already. */
export interface About {
  readonly kind: 'person' | 'group' | 'role'
  readonly id: string
  readonly name: string
}

export function usePolicy(): Source<Policy> {
  const { call } = useAdmin()
  const self = useReady(state => (state.auth.name === 'signed-in' ? state.auth.user : null))
  const load = useCallback(async (): Promise<Policy> => {
    const [{ groups }, { roles }, { assignments }, people] = await Promise.all([
      call.groups(undefined),
      call.roles(undefined),
      call.assignments(undefined),
      peopleOr(call, self ? [self] : []),
    ])
    return { groups, roles, assignments, people }
  }, [call, self])
  return useLoaded(load)
}

async function peopleOr(call: AdminCall, others: readonly NamedPerson[]): Promise<readonly NamedPerson[]> {
  try {
    return (await call.people(undefined)).operators
  } catch (thrown) {
    if (refusalOf(thrown).code !== 'forbidden') throw thrown
    return others
  }
}

export const pathOf = (policy: Policy, groupId: string): string =>
  policy.groups.find(({ id }) => id === groupId)?.path ?? groupId

export const roleNameOf = (policy: Policy, roleId: string): string =>
  policy.roles.find(({ id }) => id === roleId)?.name ?? roleId

/** The name that the organisation's topmost group goes by in a list. */
export const groupText = (path: string): string => (path === '/' ? '/ (everything)' : path)
