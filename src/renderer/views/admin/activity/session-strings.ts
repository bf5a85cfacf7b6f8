import type { EndReason } from '#protocol/session/reasons.ts'
import type { UnaskedCause } from '#protocol/session/unasked.ts'

export const END_REASON_WORDS: Readonly<Record<EndReason, string>> = {
  'user-ended': 'Ended by the person',
  'operator-ended': 'Ended by the operator',
  'admin-ended': 'Ended by an administrator',
  denied: 'Denied by the person',
  'consent-timeout': 'No answer',
  idle: 'Idle',
  expired: 'Time was up',
  'link-lost': 'Connection lost',
  'policy-revoked': 'Right taken away',
  'agent-failed': 'Agent failed',
  'identity-changed': 'The other side was not certain',
}

export const strings = {
  title: 'Sessions',
  search: 'Search all sessions',
  loading: 'Loading the sessions…',
  count: (shown: number, total: number) =>
    shown === total ? `${total} ${total === 1 ? 'session' : 'sessions'}` : `${shown} of ${total} sessions`,
  columns: { state: 'State', device: 'Device', operator: 'Operator', reason: 'Reason', at: 'Asked', length: 'Length' },
  lists: { open: 'Now', queued: 'Waiting for their device', closed: 'Over' },
  listLabel: 'Which sessions',
  live: 'Brought up to date every few seconds',
  emptyNow: 'Nobody is in a session',
  emptyNowHint: 'A session appears here as soon as an operator asks for one.',
  emptyQueued: 'No request waits for its device',
  emptyQueuedHint: 'A request for a device that is offline waits here until the device is back, or its time is over.',
  emptyOver: 'No session is over yet',
  emptyOverHint: 'Sessions stay here, with who, when and why, as long as the relay keeps them.',
  end: 'End the session…',
  endTitle: (operator: string, device: string) => `End the session of ${operator} with ${device}?`,
  endText:
    'Picture, input and tools stop at once on both sides. The person and the operator are told that an administrator ended it.',
  endSubmit: 'End the session',
  endBusy: 'Ending…',
  unasked: {
    'skip-consent': 'The policy lets the operator begin without asking',
    'nobody-signed-in': 'Nobody was signed in',
    'screen-locked': 'The screen was locked',
  } satisfies Readonly<Record<UnaskedCause, string>>,
  facts: {
    unasked: 'Not asked',
    note: 'Note',
    shells: 'Recorded shells',
    ticket: 'Ticket',
    may: 'May',
    asked: 'Asked',
    granted: 'Allowed',
    connected: 'First picture',
    ended: 'Over',
    id: 'Id',
  },
  shellsHint: 'They are on the device: open its Shell in a session and choose Recordings.',
}
