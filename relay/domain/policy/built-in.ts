import { CAPABILITIES, type Capability, SESSION_CAPABILITIES } from '#protocol/policy/capabilities.ts'

/** What reaches past the session's own screen, keyboard and files, or past the person: it takes a role that somebody was given for it. */
const ADMINISTERING: readonly Capability[] = [
  'shell',
  'shell-user',
  'registry',
  'processes',
  'processes-user',
  'services',
  'restart',
  'skip-consent',
]

/** The roles that every organisation has. What they may do is here and not in the database, so that a capability of a later version is in them too. */
export const BUILT_IN_ROLES: Readonly<Record<string, { name: string; capabilities: readonly Capability[] }>> = {
  administrator: { name: 'Administrator', capabilities: CAPABILITIES },
  operator: { name: 'Operator', capabilities: SESSION_CAPABILITIES.filter(name => !ADMINISTERING.includes(name)) },
}

export const ADMINISTRATOR_ROLE = 'administrator'
export const isBuiltIn = (roleId: string): boolean => Object.hasOwn(BUILT_IN_ROLES, roleId)

/** The top of an organisation's tree: its id follows from the organisation's, so that it is never looked up. */
export const rootGroupId = (organisationId: string): string => `grp_${organisationId.slice(4)}`
