import type { Administration } from '#protocol/administration-http.ts'

/** The pages of the administration, in the order of their menu, each with what it takes to see it. */
const PAGES = {
  people: ({ administrator }) => administrator,
  roles: ({ somewhere }) => somewhere.includes('manage-policy'),
  trust: ({ administrator }) => administrator,
  organisation: ({ administrator }) => administrator,
  groups: ({ somewhere }) => somewhere.includes('manage-policy'),
  file: ({ everywhere }) => everywhere.includes('manage-policy'),
  explain: ({ somewhere }) => somewhere.includes('manage-policy'),
  devices: ({ somewhere }) => somewhere.includes('manage-devices'),
  enrolment: ({ somewhere }) => somewhere.includes('manage-devices'),
  sessions: ({ somewhere }) => somewhere.includes('manage-devices'),
  reports: ({ somewhere }) => somewhere.includes('read-audit'),
  audit: ({ everywhere }) => everywhere.includes('read-audit'),
  scripts: ({ administrator, scripts }) => administrator || scripts,
  runs: ({ administrator, scripts }) => administrator || scripts,
  keys: ({ administrator }) => administrator,
  webhooks: ({ administrator }) => administrator,
} as const satisfies Record<string, (rights: Administration) => boolean>

export type AdminPage = keyof typeof PAGES

/** Nothing but scripts is there for somebody who administers nothing and runs them. */
export const isScriptsOnly = (pages: readonly AdminPage[]): boolean =>
  pages.length > 0 && pages.every(page => page === 'scripts' || page === 'runs')

/** The pages that are for somebody. The relay decides again about each thing that they do there. */
export const pagesFor = (rights: Administration): AdminPage[] =>
  (Object.keys(PAGES) as AdminPage[]).filter(page => PAGES[page](rights))
