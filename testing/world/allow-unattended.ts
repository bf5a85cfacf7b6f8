import type { Settings } from '#protocol/policy/settings.ts'
import { setForOrganisation } from './organisation-settings.ts'
import type { RelayProgram } from './relay-program.ts'

/** Lets the organisation's administrator open its devices where nobody is, with these settings beside. */
export const allowUnattended = (relay: RelayProgram, settings: Partial<Settings> = {}): Promise<void> =>
  setForOrganisation(relay, { unattended: true, ...settings })
