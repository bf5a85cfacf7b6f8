import type { Administration } from '#protocol/administration-http.ts'

/** The pages of the administration, in the order of their menu, each with what it takes to see it. */
const PAGES = {
  people: ({ administrator }) => administrator,
  roles: ({ somewhere }) => somewhere.includes('manage-policy'),
  groups: ({ somewhere }) => somewhere.includes('manage-policy'),
  explain: ({ somewhere }) => somewhere.includes('manage-policy'),
  enrolment: ({ somewhere }) => somewhere.includes('manage-devices'),
  audit: ({ everywhere }) => everywhere.includes('read-audit'),
  keys: ({ administrator }) => administrator,
} as const satisfies Record<string, (rights: Administration) => boolean>

export type AdminPage = keyof typeof PAGES

/** The pages that are for somebody. The relay decides again about each thing that they do there. */
export const pagesFor = (rights: Administration): AdminPage[] =>
  (Object.keys(PAGES) as AdminPage[]).filter(page => PAGES[page](rights))
