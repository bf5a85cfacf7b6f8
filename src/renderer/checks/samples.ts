import type { SessionTab } from '#ipc/operator.ts'
import type { HelpWaiting } from '#protocol/help/http.ts'
import { idFromBytes } from '#protocol/ids.ts'
import { SESSION_DURATION_MS } from '#protocol/limits.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { ApprovalView } from '#protocol/unattended/http.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'
import type { DeviceView, OrganisationView, UserView } from '#protocol/wire/views.ts'

const bytes = (seed: number) => Uint8Array.from({ length: 16 }, (_, index) => (seed * 31 + index * 7) & 255)

export const user: UserView = { id: 'user_0123456789', name: 'Amira Haddad', email: 'amira@northwind.example' }
export const organisation: OrganisationView = { id: idFromBytes('organisation', bytes(1)), name: 'Northwind Traders' }
export const RELAY_URL = 'https://relay.northwind.example'

export function sampleDevice(index: number, change: Partial<DeviceView> = {}): DeviceView {
  const id = idFromBytes('device', bytes(index + 10))
  return {
    id,
    name: `PC-${String(index).padStart(3, '0')}`,
    facts: { hostname: `host-${index}`, platform: 'linux', osName: 'Debian GNU/Linux 12', agentVersion: '0.1.0' },
    online: true,
    lastSeenAtMs: 1_700_000_000_000,
    status: 'active',
    statusReason: null,
    owner: null,
    groupId: idFromBytes('group', bytes(3)),
    tags: [],
    enrolledAtMs: 1_690_000_000_000,
    busy: false,
    ...change,
  }
}

export function sampleTab(device: DeviceView, state: SessionState, change: Partial<SessionTab> = {}): SessionTab {
  return {
    ticket: `tab_${device.id.slice(4, 24)}`,
    deviceId: device.id,
    deviceName: device.name,
    reason: 'The label printer at the front desk prints blank labels since this morning.',
    ticketReference: null,
    scopes: ['view', 'control'],
    state,
    match: null,
    error: null,
    startedAtMs: 1_700_000_000_000,
    receipt: 'none',
    ...change,
  }
}

export const sampleRequest: SessionRequest = {
  sessionId: idFromBytes('session', bytes(2)),
  operator: user,
  organisation,
  reason: 'The label printer at the front desk prints blank labels since this morning.',
  ticket: 'INC-20417',
  scopes: ['view', 'control'],
  operatorKeyThumbprint: 'A'.repeat(43),
  consentTimeoutMs: 30_000,
  durationMs: SESSION_DURATION_MS,
  matchCommitment: null,
}

/** Somebody else's unattended session that waits for this person. */
export const sampleApproval = (number: string, nowMs = Date.now()): ApprovalView => ({
  sessionId: idFromBytes('session', bytes(40 + Number(number))),
  deviceName: `Kiosk ${number}`,
  operator: { id: 'user_9876543210', name: 'Noor Haddad', email: 'noor@northwind.example' },
  reason: 'The ticket printer has to be set up again before the morning.',
  ticket: 'CHG-3310',
  scopes: ['view', 'control'],
  requestedAtMs: nowMs - 120_000,
  untilMs: nowMs + 1_680_000,
})

/** Somebody who waits for help at one of `sampleDevice`'s. */
export const sampleWaiting = (index: number, change: Partial<HelpWaiting> = {}, nowMs = Date.now()): HelpWaiting => {
  const { id, name } = sampleDevice(index)
  return {
    ...{ id: idFromBytes('help', bytes(60 + index)), deviceId: id, deviceName: name, online: true },
    ...{ who: 'petra', words: 'The label printer prints blank labels since this morning.' },
    ...{ askedAtMs: nowMs - 254_000, untilMs: nowMs + 7_000_000 },
    ...change,
  }
}
