import type { TrustState } from '#ipc/admin/trust.ts'
import type { Verification } from '#ipc/verification.ts'

const DAY_MS = 24 * 60 * 60_000
const NOW_MS = 1_790_000_000_000
const OWN = 'orbit velvet canyon mirror lunar gospel timber anchor'
export const ORGANISATION = 'harvest copper window silent marble coral ladder noble'

/** What an operator's app goes by: a device that somebody tried to stand in for is among it. */
export const sampleVerification: Verification = {
  own: {
    words: OWN,
    sinceMs: NOW_MS - 40 * DAY_MS,
    certificate: 'valid',
    expiresAtMs: NOW_MS + 12 * DAY_MS,
    problem: null,
  },
  organisation: {
    words: ORGANISATION,
    strict: true,
    validUntilMs: NOW_MS + 20 * DAY_MS,
    history: [
      { words: 'ribbon castle autumn patrol fiction garlic unique window', atMs: NOW_MS - 90 * DAY_MS },
      { words: ORGANISATION, atMs: NOW_MS - 10 * DAY_MS },
    ],
    problem: null,
  },
  devices: [
    {
      deviceId: `dev_${'0'.repeat(26)}`,
      deviceName: 'Reception-02',
      words: 'garden pistol humble satoshi matrix define village oxygen',
      firstSeenAtMs: NOW_MS - 30 * DAY_MS,
      lastUsedAtMs: NOW_MS - DAY_MS,
      refused: [{ words: 'zebra hollow cradle advice kitten bright humor panic', atMs: NOW_MS - 2 * DAY_MS }],
    },
    {
      deviceId: `dev_${'1'.repeat(26)}`,
      deviceName: 'Kiosk entrance',
      words: 'season ivory planet drama flock rebel meadow urban',
      firstSeenAtMs: NOW_MS - 3 * DAY_MS,
      lastUsedAtMs: NOW_MS - 3 * DAY_MS,
      refused: [],
    },
  ],
}

const app = (index: number, name: string, change: Partial<TrustState['apps'][number]>): TrustState['apps'][number] => ({
  operator: { id: `user_${index}0000000`, name, email: `${name.split(' ')[0]?.toLowerCase()}@riverside.example` },
  thumbprint: String(index).repeat(43),
  computer: `desk-${index}`,
  registeredAtMs: NOW_MS - 20 * DAY_MS,
  isThisApp: false,
  state: 'none',
  expiresAtMs: null,
  tools: false,
  unattended: false,
  ...change,
})

/** A strict organisation whose key is in this app. */
export const sampleTrust: TrustState = {
  key: { words: ORGANISATION, text: 'k3Jx-Zb0V_9sQmYt7rHcPfLwE2uNgAaDiOoTyXvKe5M', isHere: true, backedUpAtMs: null },
  order: { strict: true, issuedAtMs: NOW_MS - 10 * DAY_MS, validUntilMs: Date.now() + 20 * DAY_MS },
  problem: null,
  apps: [
    app(1, 'Ada Brandt', {
      ...{ isThisApp: true, state: 'valid', expiresAtMs: NOW_MS + 12 * DAY_MS },
      ...{ tools: true, unattended: true },
    }),
    app(2, 'Ben Okafor', { state: 'valid', expiresAtMs: NOW_MS + 30 * DAY_MS }),
    app(3, 'Carla Ruiz', {}),
    app(4, 'Dov Levi', { state: 'expired' }),
    app(5, 'Eve Larsen', { state: 'revoked' }),
  ],
}
