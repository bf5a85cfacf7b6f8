import { HandholdError } from '#protocol/errors.ts'
import type { UserView } from '#protocol/wire/views.ts'

export const ROLES = ['admin', 'operator'] as const
export type Role = (typeof ROLES)[number]

/** A signed-in person, or a program with a key of theirs; always within one organisation. */
export interface Principal {
  readonly user: UserView & { readonly viaKey?: string }
  readonly organisation: { readonly id: string; readonly name: string }
  readonly role: Role
}

/** Throws `forbidden` when the person isn't an administrator. */
export function requireAdministrator(principal: Principal): void {
  if (principal.role !== 'admin') throw new HandholdError('forbidden', 'Only an administrator may do this. Ask one.')
}
