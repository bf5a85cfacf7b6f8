import type { EndReason } from '#protocol/session/reasons.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'

const seesAndControls = (request: SessionRequest) => request.scopes.includes('control')

const TOOL_WORDS: Partial<Record<Scope, string>> = {
  shell: 'type commands as an administrator',
  'shell-user': 'type commands as you',
  processes: 'see and end all programs',
  'processes-user': 'see and end your programs',
  services: 'start and stop system services',
}

/** Short words for a wary person; no jargon. */
export const strings = {
  waiting: 'One moment…',
  from: 'from',
  wants: (request: SessionRequest) =>
    seesAndControls(request) ? 'wants to see your screen and use your mouse and keyboard' : 'wants to see your screen',
  viewOnly: 'They will only see. They cannot click or type.',
  tools: 'They can also',
  toolWords: ({ scopes }: SessionRequest) => scopes.flatMap(scope => TOOL_WORDS[scope] ?? []).join(', '),
  reason: 'Why',
  ticket: 'Ticket',
  warning: 'Did you ask for this help? If not, choose No.',
  yes: 'Yes, allow',
  no: 'No',
  arming: 'One moment: read first…',
  sending: 'One moment…',
  left: (seconds: number) => `No answer means No: ${seconds} ${seconds === 1 ? 'second' : 'seconds'} left`,
  spoken: (seconds: number) => `${seconds} seconds left to answer`,
  failed: 'That did not work. Please try again.',
  end: 'End',
  ending: 'Ending…',
  live: (request: SessionRequest) =>
    `${request.operator.name} can see ${seesAndControls(request) ? 'and control ' : ''}this computer`,
  since: (start: Date) => `since ${start.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })}`,
  interrupted: 'Connection interrupted',
  over: {
    'user-ended': 'You ended the help.',
    'operator-ended': 'They ended the help.',
    'admin-ended': 'An administrator ended the help.',
    denied: 'You said No. Nobody can see this computer.',
    'consent-timeout': 'There was no answer, so it was a No.',
    idle: 'Ended because nothing happened.',
    expired: 'Ended because the time is over.',
    'link-lost': 'Ended because the connection was lost.',
    'policy-revoked': 'Ended: it is no longer allowed.',
    'agent-failed': 'Ended because of a problem on this computer.',
  } satisfies Record<EndReason, string>,
  overSafe: 'Nobody can see this computer now.',
}
