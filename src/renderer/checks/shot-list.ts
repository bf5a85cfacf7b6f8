import type { Page } from 'playwright'
import type { ConsentState } from '#ipc/consent.ts'
import type { SessionTab } from '#ipc/operator.ts'
import { clockSkewWords } from '#protocol/clock-skew.ts'
import type { Kiosk } from '#protocol/consent.ts'
import { LANGUAGES, type Language } from '#protocol/person/language.ts'
import type { EndReason } from '#protocol/session/reasons.ts'
import type { SessionState } from '#protocol/session/state.ts'
import type { Signal } from '#protocol/wire/signal.ts'
import { type AgentPeer, openAgentPeer } from './agent-peer.ts'
import type { FakeMain } from './fake-main.ts'
import { believableDevices } from './sample-devices.ts'
import { ORGANISATION, sampleTrust } from './sample-trust.ts'
import { RELAY_URL, sampleApproval, sampleRequest, sampleTab, sampleWaiting, user } from './samples.ts'

type State = Partial<FakeMain['state']>

interface OperatorShot {
  readonly name: string
  readonly state: (nowMs: number) => State
  readonly act?: (page: Page, main: FakeMain) => Promise<unknown>
  /** Calls that never answer. */
  readonly hangs?: readonly string[]
}

interface ConsentShot {
  readonly name: string
  readonly size: { readonly width: number; readonly height: number }
  readonly state: (nowMs: number) => ConsentState
  readonly afterMs?: number
}

const ready = (now: number): State => ({ devices: { error: null, devices: believableDevices(now) } })
const signedOut: State = { auth: { name: 'signed-out', lastRelayUrl: RELAY_URL, lastEmail: user.email } }
const until = (now: number) => now + 8 * 3_600_000

const withTabs =
  (...states: ((now: number) => SessionState)[]) =>
  (now: number, change: Partial<SessionTab> = {}): State => {
    const devices = believableDevices(now)
    const online = devices.filter(device => device.online && !device.busy)
    const sessions = states.flatMap((state, index) => {
      const device = online[index]
      return device ? [sampleTab(device, state(now), { startedAtMs: now - 254_000, ...change })] : []
    })
    return { devices: { error: null, devices }, sessions }
  }

/** The page "Trust" of somebody who administers people. */
async function showTrust(page: Page, main: FakeMain): Promise<unknown> {
  main.admin = {
    administration: () => ({ administrator: true, everywhere: [], somewhere: [], scripts: true }),
    trust: () => sampleTrust,
    organisationPhrase: () => ({ words: `${ORGANISATION} ${ORGANISATION} ${ORGANISATION}`.split(' ') }),
  }
  main.set({ link: { name: 'offline' } })
  main.set({ link: { name: 'online', clock: null } })
  await page.getByRole('tab', { name: 'Administration' }).click()
  await page.getByRole('button', { name: 'Trust' }).click()
  return page.getByText('Carla Ruiz').waitFor()
}

const showTab = (page: Page) => page.getByRole('tab').nth(1).click()
const session = (
  name: string,
  state: (now: number) => SessionState,
  change: Partial<SessionTab> = {},
): OperatorShot => ({
  name,
  state: now => withTabs(state)(now, change),
  act: showTab,
})
const ended = (reason: EndReason) => session(`over-${reason}`, () => ({ name: 'closed', reason }))
const active = (now: number): SessionState => ({
  name: 'active',
  scopes: ['view', 'control'],
  untilMs: until(now),
  mode: 'control',
})

/** A session whose device is there: a real peer that shows a grey picture, or none. */
const live = (
  name: string,
  act: (stage: { page: Page; agent: AgentPeer }) => Promise<unknown>,
  { isBlank = false } = {},
): OperatorShot => ({
  name,
  state: withTabs(active),
  act: async (page, main) => {
    await showTab(page)
    const size = { width: 1920, height: 1080 }
    const send = (signal: Signal) => {
      const [tab] = main.state.sessions
      if (tab) main.emit('signalReceived', { ticket: tab.ticket, signal })
    }
    const agent = openAgentPeer(size, send, { isBlank })
    main.onSignal = signal => agent.handleSignal(signal)
    page.on('close', () => agent.close())
    await agent.waitFor(message => message.type === 'watching')
    const left = { id: 'a', name: 'DELL U2720Q', ...size }
    const displays = [left, { ...left, id: 'b', name: 'Built-in' }]
    agent.send('control', { type: 'displays', selectedId: 'a', displays })
    if (!isBlank) await page.locator('[data-testid=picture][data-first-frame-ms]:visible').waitFor()
    await act({ page, agent })
  },
})

export const OPERATOR_SHOTS: readonly OperatorShot[] = [
  { name: 'sign-in-first', state: () => ({ auth: { name: 'signed-out', lastRelayUrl: '', lastEmail: '' } }) },
  {
    name: 'sign-in-busy',
    state: () => signedOut,
    hangs: ['signIn'],
    act: async page => {
      await page.getByLabel('Password').fill('secret')
      await page.getByRole('button', { name: 'Sign in' }).click()
    },
  },
  {
    name: 'sign-in-wrong',
    state: () => signedOut,
    act: async page => {
      await page.getByLabel('Password').fill('wrong')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'second-step',
    state: () => ({ auth: { name: 'second-factor', relayUrl: RELAY_URL, email: user.email } }),
  },
  { name: 'sign-in-pass-waiting', state: () => ({ ...signedOut, pass: { name: 'waiting' } }) },
  { name: 'restoring', state: () => ({ auth: { name: 'restoring' } }) },
  { name: 'devices', state: ready, act: page => page.keyboard.press('/').then(() => page.keyboard.press('ArrowDown')) },
  { name: 'devices-loading', state: () => ({}), hangs: ['listDevices'] },
  {
    name: 'pass-offered',
    state: now => ({
      ...ready(now),
      pass: {
        name: 'offered',
        deviceName: 'Kiosk 3',
        reason: 'The ticket printer has to be set up again before the morning.',
        scopes: ['view', 'control', 'shell'],
        untilMs: now + 801_000,
      },
    }),
  },
  {
    name: 'pass-refused',
    state: now => ({
      ...ready(now),
      pass: {
        name: 'refused',
        error: { code: 'pass-expired', message: 'The access pass has expired. Ask for a new session.' },
      },
    }),
  },
  { name: 'devices-empty', state: () => ({}) },
  { name: 'devices-no-match', state: ready, act: page => page.getByRole('searchbox').fill('zebra') },
  {
    name: 'devices-failed',
    state: () => ({
      devices: {
        error: { code: 'relay-unreachable', message: 'The relay did not answer. Check your network, then try again.' },
        devices: [],
      },
    }),
  },
  {
    name: 'devices-clock',
    state: now => ({ ...ready(now), link: { name: 'online', clock: clockSkewWords(now, now + 184_000) ?? null } }),
  },
  {
    name: 'devices-interrupted',
    state: now => ({
      ...ready(now),
      link: { name: 'interrupted', message: 'The connection to the relay is interrupted.', retryAtMs: now + 12_000 },
    }),
  },
  {
    name: 'connect',
    state: ready,
    act: page => page.getByRole('button', { name: 'Connect to Kiosk Lobby' }).click(),
  },
  {
    name: 'connect-offline',
    state: ready,
    act: page => page.getByRole('button', { name: 'Connect to Front desk 2' }).click(),
  },
  {
    name: 'connect-skip',
    state: ready,
    act: async (page, main) => {
      main.maySkipConsent = true
      await page.getByRole('button', { name: 'Connect to Kiosk Lobby' }).click()
      await page.getByLabel(/Tell the person/).check()
    },
  },
  { name: 'palette', state: withTabs(active), act: page => showTab(page).then(() => page.keyboard.press('Control+k')) },
  {
    name: 'approvals',
    state: now => ({ ...ready(now), approvals: [sampleApproval('1', now), sampleApproval('2', now)] }),
    act: page => page.getByText('2 to approve').click(),
  },
  {
    name: 'help-queue',
    state: now => ({
      ...ready(now),
      help: {
        ...{ status: 'ready', error: null },
        waiting: [sampleWaiting(1, {}, now), sampleWaiting(2, { who: 'kiosk', words: '', online: false }, now)],
      },
    }),
    act: page => page.getByRole('button', { name: /people who wait for help/ }).click(),
  },
  {
    name: 'help-queue-loading',
    state: now => ({ ...ready(now), help: { status: 'loading', error: null, waiting: [] } }),
    act: page => page.getByRole('button', { name: /people who wait for help/ }).click(),
  },
  {
    name: 'help-queue-failed',
    state: now => ({
      ...ready(now),
      help: {
        ...{ status: 'failed', waiting: [] },
        error: { code: 'relay-unreachable', message: 'The relay did not answer. Check your network, then try again.' },
      },
    }),
    act: page => page.getByRole('button', { name: /people who wait for help/ }).click(),
  },
  {
    name: 'help-queue-empty',
    state: ready,
    act: page => page.getByRole('button', { name: /people who wait for help/ }).click(),
  },
  {
    name: 'keys',
    state: ready,
    act: async page => {
      await page.getByRole('button', { name: 'Account' }).click()
      await page.getByRole('menuitem', { name: 'Keys…' }).click()
      await page.getByText('Reception-02').waitFor()
    },
  },
  { name: 'trust', state: ready, act: showTrust },
  {
    name: 'trust-certify',
    state: ready,
    act: async (page, main) => {
      await showTrust(page, main)
      await page.getByRole('row').filter({ hasText: 'Carla Ruiz' }).click()
      await page.getByRole('button', { name: 'Certify…' }).click()
    },
  },
  {
    name: 'trust-phrase',
    state: ready,
    act: async (page, main) => {
      await showTrust(page, main)
      await page.getByRole('button', { name: 'Key', exact: true }).click()
      await page.getByRole('menuitem', { name: 'Recovery phrase…' }).click()
    },
  },
  { name: 'account', state: ready, act: page => page.getByRole('button', { name: 'Account' }).click() },
  session('waiting-requested', () => ({ name: 'requested' })),
  session('waiting-queued', now => ({ name: 'queued', untilMs: now + 552_000 })),
  session('waiting-notifying', () => ({ name: 'notifying' })),
  session('waiting-asking', now => ({ name: 'awaiting-consent', untilMs: now + 24_000 })),
  session('waiting-accepted', now => ({ name: 'connecting', scopes: ['view', 'control'], untilMs: until(now) })),
  session('unattended-issued', now => ({ name: 'otp-issued', untilMs: now + 552_000 }), {
    unattended: { sessionId: `ses_${'0'.repeat(26)}`, password: '7XK2-M9QP-TV3RH', canResume: false, comeBack: null },
  }),
  {
    ...session('unattended-pass-menu', now => ({ name: 'otp-issued', untilMs: now + 552_000 }), {
      unattended: { sessionId: `ses_${'0'.repeat(26)}`, password: null, canResume: false, comeBack: null },
    }),
    act: async page => {
      await page.getByRole('tab').nth(1).click()
      await page.getByRole('button', { name: 'Access pass' }).click()
    },
  },
  {
    ...session('unattended-pass-saved', now => ({ name: 'otp-issued', untilMs: now + 552_000 }), {
      unattended: {
        ...{ sessionId: `ses_${'0'.repeat(26)}`, password: '7XK2-M9QP-TV3RH' },
        ...{ canResume: false, comeBack: null },
      },
    }),
    act: async page => {
      await page.getByRole('tab').nth(1).click()
      await page.getByRole('button', { name: 'Access pass' }).click()
      await page.getByRole('menuitem', { name: 'Download' }).click()
      await page.getByText('Saved as').waitFor()
    },
  },
  session('unattended-lingering', now => ({ name: 'lingering', scopes: ['view', 'control'], untilMs: now + 801_000 }), {
    unattended: { sessionId: `ses_${'0'.repeat(26)}`, password: null, canResume: true, comeBack: null },
  }),
  session('unattended-lost', now => ({ name: 'lingering', scopes: ['view', 'control'], untilMs: now + 801_000 }), {
    unattended: {
      sessionId: `ses_${'0'.repeat(26)}`,
      password: null,
      canResume: true,
      comeBack: {
        name: 'waiting',
        retryAtMs: Date.now() + 45_000,
        problem: 'The device is not connected to the relay.',
      },
    },
  }),
  ...(['denied', 'consent-timeout', 'link-lost', 'user-ended', 'agent-failed', 'expired'] as const).map(ended),
  {
    ...session('over-noted', () => ({ name: 'closed', reason: 'operator-ended' }), {
      receipt: 'whole',
      note: {
        text: 'Toner replaced. The tray still sticks: part ordered.',
        atMs: Date.now() - 60_000,
        changedAtMs: Date.now() - 60_000,
      },
    }),
  },
  session('live-unasked', active, { unasked: 'skip-consent', withoutChat: true }),
  session('over-refused', () => ({ name: 'closed', reason: 'agent-failed' }), {
    error: {
      code: 'device-busy',
      message: 'Another operator is in a session with this device. Try again when it is over.',
    },
  }),
  session('live-connecting', active),
  live('live-picture', async ({ page, agent }) => {
    agent.send('control', { type: 'engine', mode: 'tiles' })
    await page.getByRole('button', { name: 'Live figures' }).click()
    const ping = await agent.waitFor(message => message.type === 'ping')
    agent.send('control', { type: 'pong', sequence: ping.sequence })
    await page.getByRole('button', { name: 'Send keys' }).click()
    await page.waitForTimeout(2_500)
  }),
  live('live-presets', async ({ page }) => {
    await page.getByRole('button', { name: 'Live figures' }).click()
    await page.getByRole('button', { name: 'What the picture should be good at' }).click()
  }),
  live('live-problem', async ({ page, agent }) => {
    agent.send('control', { type: 'engine', mode: 'motion', codec: 'VP9', targetKbps: 940, problem: 'link-slow' })
    await page.getByRole('button', { name: 'Live figures' }).click()
    await page.getByRole('button', { name: 'What the picture should be good at' }).click()
    await page.getByRole('menuitemradio', { name: 'Custom' }).click()
    await page.getByLabel('Frames up to').fill('24')
    await page.getByLabel('Bitrate up to').fill('7')
    await page.waitForTimeout(2_500)
  }),
  live('live-displays', ({ page }) => page.getByRole('button', { name: 'Display' }).click()),
  live('live-unreadable', async ({ page, agent }) => {
    agent.sendFrame([99])
    await page.getByText('can’t be read').waitFor()
  }),
  live('live-two-operators', async ({ page, agent }) => {
    const ben = { name: 'Ben Okafor', isSelf: false, hasInput: false, mayControl: true }
    const people = [{ name: user.name, isSelf: true, hasInput: true, mayControl: true }, ben]
    agent.send('control', { type: 'company', people })
    await page.getByRole('button', { name: '2 operators in this session' }).click()
  }),
  live('live-keyboard-persons', async ({ page, agent }) => {
    agent.send('control', { type: 'keyboard', isPersons: true })
    await page.getByText('has the keyboard').waitFor()
  }),
  live(
    'live-no-picture',
    async ({ page, agent }) => {
      agent.send('control', { type: 'engine', mode: 'tiles', problem: 'permission' })
      await page.getByText('doesn’t let its screen').waitFor()
    },
    { isBlank: true },
  ),
  {
    name: 'keyboard-menu',
    state: withTabs(active),
    act: async page => {
      await showTab(page)
      await page.getByRole('button', { name: 'Keyboard' }).click()
    },
  },
  session('live-view-only', now => ({ name: 'active', scopes: ['view'], untilMs: until(now), mode: 'view' }), {
    scopes: ['view'],
  }),
  session('live-paused', now => ({
    name: 'paused',
    scopes: ['view', 'control'],
    untilMs: until(now),
    mode: 'control',
    by: 'user',
  })),
  session('live-reconnecting', now => ({
    name: 'reconnecting',
    scopes: ['view', 'control'],
    untilMs: until(now),
    mode: 'control',
    giveUpAtMs: now + 104_000,
    pausedBy: null,
  })),
  {
    name: 'tabs',
    state: withTabs(
      active,
      now => ({ name: 'awaiting-consent', untilMs: now + 24_000 }),
      () => ({ name: 'closed', reason: 'denied' }),
    ),
    act: page => page.getByRole('tab').nth(2).click(),
  },
  {
    name: 'close-live',
    state: withTabs(active),
    act: page => showTab(page).then(() => page.keyboard.press('Control+w')),
  },
]

const asking = (now: number, armedInMs = -1_000): Extract<ConsentState, { name: 'asking' }> => ({
  name: 'asking',
  language: 'en',
  numbers: [27, 48, 81],
  request: sampleRequest,
  helpAskedAtMs: null,
  answerByMs: now + 24_000,
  armedAtMs: now + armedInMs,
})
const banner = (now: number): Extract<ConsentState, { name: 'banner' }> => ({
  ...{ name: 'banner', language: 'en', request: sampleRequest, sinceMs: now - 254_000 },
  ...{ linkUp: true, scopes: ['view', 'control'], isPaused: false, isRecording: false, watchers: [] },
})
const DIALOG = { width: 720, height: 740 }
const STRIP = { width: 960, height: 64 }

const SCREEN = { width: 1280, height: 720 }
const kiosk = (language: Language, shown: Kiosk): ConsentState => ({
  name: 'kiosk',
  language,
  request: sampleRequest,
  kiosk: shown,
})

export const CONSENT_SHOTS: readonly ConsentShot[] = [
  { name: 'consent-arming', size: DIALOG, state: now => ({ ...asking(now, 5_000), numbers: [] }) },
  { name: 'consent-asking', size: DIALOG, state: now => asking(now) },
  {
    name: 'consent-view-only',
    size: DIALOG,
    state: now => ({ ...asking(now), numbers: null, request: { ...sampleRequest, scopes: ['view'], ticket: null } }),
  },
  {
    name: 'consent-long',
    size: DIALOG,
    state: now => ({
      ...asking(now),
      request: {
        ...sampleRequest,
        reason: 'W'.repeat(200),
        operator: { ...user, name: 'Bartholomew Featherstonehaugh-Cholmondeley von und zu Hohenzollern-Sigmaringen' },
        organisation: {
          ...sampleRequest.organisation,
          name: 'Northwind Traders International Holding Company of Delaware',
        },
      },
    }),
  },
  ...LANGUAGES.flatMap((language): ConsentShot[] => [
    { name: `language-question-${language}`, size: DIALOG, state: now => ({ ...asking(now), language }) },
    { name: `language-banner-${language}`, size: STRIP, state: now => ({ ...banner(now), language }) },
    { name: `language-paused-${language}`, size: STRIP, state: now => ({ ...banner(now), language, isPaused: true }) },
  ]),
  {
    name: 'banner-watched',
    size: { ...STRIP, height: 104 },
    state: now => ({ ...banner(now), isRecording: true, watchers: ['Rosa Lindt'] }),
  },
  { name: 'banner-interrupted', size: STRIP, state: now => ({ ...banner(now), linkUp: false }) },
  ...LANGUAGES.map(
    (language): ConsentShot => ({
      name: `notice-${language}`,
      size: DIALOG,
      state: () => ({ name: 'notice', language, organisation: 'Northwind Traders' }),
    }),
  ),
  ...LANGUAGES.map(
    (language): ConsentShot => ({
      name: `kiosk-password-${language}`,
      size: SCREEN,
      state: now => kiosk(language, { phase: 'password', password: '7XK2-M9QP-TV3RH', untilMs: now + 580_000 }),
    }),
  ),
  { name: 'kiosk-serviced', size: SCREEN, state: now => kiosk('en', { phase: 'serviced', sinceMs: now - 60_000 }) },
  { name: 'kiosk-lingering', size: SCREEN, state: now => kiosk('en', { phase: 'lingering', untilMs: now + 880_000 }) },
  {
    name: 'banner-over',
    size: STRIP,
    state: () => ({ name: 'over', language: 'en', request: sampleRequest, reason: 'operator-ended' }),
  },
]
