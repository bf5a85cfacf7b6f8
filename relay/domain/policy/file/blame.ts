import type { HandholdError } from '#protocol/errors.ts'
import type { Capability } from '#protocol/policy/capabilities.ts'
import { BUILT_IN_ROLES } from '../built-in.ts'
import { ExceedsAuthor } from '../safety.ts'
import type { Place } from './parse.ts'
import type { PolicyFile } from './schema.ts'

/** Where in the file what only the whole result shows comes from; undefined for errors that have their line, or need none. */
export function blameOf(error: HandholdError, file: PolicyFile): Place | undefined {
  if (error instanceof ExceedsAuthor) return placeOfGain(error, file)
  // Administrators are named in the topmost group.
  return error.code === 'last-administrator' ? placeOfGroup(file, '/') : undefined
}

/** The nearest line, from the group upwards, that gives them the capability there; else the group. */
function placeOfGain({ capability, place, who }: ExceedsAuthor, file: PolicyFile): Place {
  for (let path = place; path; path = parentOf(path)) {
    const group = file.groups.findIndex(one => one.path === path)
    const row = file.groups[group]?.allow.findIndex(
      allowed => allowed.who.toLowerCase() === who && capabilitiesOf(allowed.role, file).includes(capability),
    )
    if (row !== undefined && row >= 0) return ['groups', group, 'allow', row]
  }
  return placeOfGroup(file, place)
}

const placeOfGroup = (file: PolicyFile, path: string): Place => [
  'groups',
  file.groups.findIndex(one => one.path === path),
]

/** `/A/B` is beneath `/A`, which is beneath `/`, which is beneath nothing. */
const parentOf = (path: string): string => (path === '/' ? '' : path.slice(0, path.lastIndexOf('/')) || '/')

const capabilitiesOf = (name: string, { roles }: PolicyFile): readonly Capability[] =>
  [...roles, ...Object.values(BUILT_IN_ROLES)].find(role => role.name === name)?.capabilities ?? []
