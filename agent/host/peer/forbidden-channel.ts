import { CHANNELS } from '#protocol/peer/channels.ts'
import { SCOPES } from '#protocol/session/scopes.ts'

/** What this protocol has names for, and what programs of this kind have besides. */
const KNOWN: ReadonlySet<string> = new Set([...Object.keys(CHANNELS), ...SCOPES, 'clipboard', 'files'])

/** What the audit calls a channel that the operator's side opened: by a name of our own, or none. Whoever makes names up doesn't make up rows. */
export const forbiddenChannelKind = (label: string): string => (KNOWN.has(label) ? `channel ${label}` : 'channel')
