import type { Access, BrokenAccess } from '../../agent/service/history/accesses.ts'
import type { HelpState } from '../../protocol/help/state.ts'
import type { Language } from '../../protocol/person/language.ts'
import { TOOLS } from '../../protocol/tools/tools.ts'
import type { ConsentState } from '../../src/ipc/consent.ts'
import type { ChatView } from '../../src/ipc/consent-chat.ts'
import { roomOf } from '../../src/main/consent/banner-room.ts'
import { bannerPlace, DIALOG_SIZE } from '../../src/main/consent/place.ts'
import { organisation, sampleRequest, user } from '../../src/renderer/checks/samples.ts'

interface Size {
  readonly width: number
  readonly height: number
}

interface SampleWindow {
  readonly name: string
  /** Left out for a banner: as high as the program makes it. */
  readonly size?: Size
  readonly state: (nowMs: number, language: Language) => ConsentState
  readonly chat?: ChatView
}

const MONITOR = { x: 0, y: 0, width: 1280, height: 800 }
const request = { ...sampleRequest, scopes: ['view', 'control', 'shell', 'processes'] as const }
const banner = (nowMs: number, language: Language, isPaused = false, isRecording = false): ConsentState => ({
  ...{ name: 'banner', language, request: { ...request, scopes: [...request.scopes] }, sinceMs: nowMs - 254_000 },
  ...{ linkUp: true, scopes: ['view', 'control'], isPaused, isRecording, watchers: [] },
})
const atMs = Date.UTC(2026, 2, 4, 9, 12)
const line = (isOwn: boolean, id: number, text: string) => ({
  isOwn,
  id,
  text,
  atMs: atMs + id * 40_000,
  isReceived: true,
})

const helpWindow = (name: string, help: HelpState): SampleWindow => ({
  ...{ name, size: DIALOG_SIZE },
  state: (_, language) => ({ name: 'help', language, help }),
})

export const WINDOWS: readonly SampleWindow[] = [
  {
    name: 'dialog',
    size: DIALOG_SIZE,
    state: (nowMs, language) => ({
      ...{ name: 'asking', language, numbers: [27, 48, 81], request: { ...request, scopes: [...request.scopes] } },
      ...{ helpAskedAtMs: null, answerByMs: nowMs + 24_000, armedAtMs: nowMs - 1_000 },
    }),
  },
  {
    name: 'everything',
    size: DIALOG_SIZE,
    state: (nowMs, language) => ({
      ...{ name: 'asking', language, numbers: [27, 48, 81] },
      request: { ...request, scopes: ['view', 'control', ...TOOLS] },
      ...{ helpAskedAtMs: null, answerByMs: nowMs + 24_000, armedAtMs: nowMs - 1_000 },
    }),
  },
  {
    name: 'asked-for',
    size: DIALOG_SIZE,
    state: (nowMs, language) => ({
      ...{ name: 'asking', language, numbers: [27, 48, 81], request: { ...request, scopes: [...request.scopes] } },
      ...{ helpAskedAtMs: atMs, answerByMs: nowMs + 24_000, armedAtMs: nowMs - 1_000 },
    }),
  },
  helpWindow('help', { phase: 'idle' }),
  helpWindow('help-code', { phase: 'code', code: '482913057', untilMs: Date.now() + 571_000 }),
  helpWindow('help-queued', { phase: 'queued', ahead: 2, untilMs: Date.now() + 3_600_000 }),
  helpWindow('help-taken', { phase: 'taken', operator: user.name }),
  { name: 'banner', state: banner },
  { name: 'recorded', state: (nowMs, language) => banner(nowMs, language, false, true) },
  {
    name: 'unasked',
    state: (nowMs, language) => ({
      ...(banner(nowMs, language) as Extract<ConsentState, { name: 'banner' }>),
      unasked: 'skip-consent',
    }),
  },
  { name: 'paused', state: (nowMs, language) => banner(nowMs, language, true) },
  {
    name: 'further',
    state: (nowMs, language) => ({
      ...(banner(nowMs, language) as Extract<ConsentState, { name: 'banner' }>),
      scopes: ['view'],
      further: {
        ...{ scopes: ['control', 'shell'], numbers: null, timeoutMs: 30_000 },
        ...{ answerByMs: nowMs + 24_000, armedAtMs: nowMs - 1_000 },
      },
    }),
  },
  { name: 'two', state: (nowMs, language) => ({ ...banner(nowMs, language), others: ['Ben Okafor'] }) },
  {
    name: 'join',
    state: (nowMs, language) => ({
      ...banner(nowMs, language),
      further: {
        ...{ scopes: ['view', 'control'], numbers: [27, 48, 81], timeoutMs: 30_000 },
        joins: { ...request, scopes: [...request.scopes], operator: { ...user, name: 'Ben Okafor' } },
        ...{ answerByMs: nowMs + 24_000, armedAtMs: nowMs - 1_000 },
      },
    }),
  },
  {
    name: 'chat',
    state: banner,
    chat: {
      isOpen: true,
      unread: 0,
      isTyping: true,
      entries: [
        line(false, 1, 'Good morning! I am looking at the printer now.'),
        line(true, 1, 'Thank you. It is the one beside the window.'),
        line(false, 2, 'This is what I install: https://drivers.example.org/labels'),
      ],
    },
  },
]

export function sizeOf({ size, state, chat }: SampleWindow): Size {
  if (size) return size
  const shown = state(0, 'en')
  if (shown.name !== 'banner') throw new Error('a window that is no banner has a size of its own')
  const { width, height } = bannerPlace(MONITOR, roomOf(shown, chat !== undefined))
  return { width, height }
}

const document = (sessionId: string) => ({
  ...{ handhold: 'receipt' as const, version: 1 as const, sessionId },
  ...{ deviceKey: { kty: 'OKP' as const, crv: 'Ed25519' as const, x: 'A'.repeat(43) }, receipts: [] },
})
const hour = 3_600_000
const asked = {
  operator: { name: user.name, email: user.email },
  organisation: organisation.name,
  reason: sampleRequest.reason,
  ticket: sampleRequest.ticket,
}

export const sampleAccesses: readonly (Access | BrokenAccess)[] = [
  {
    ...{ ...asked, sessionId: 'ses_1', startedAtMs: atMs, document: document('ses_1') },
    ...{ answer: 'granted', unasked: null, granted: ['view', 'control'], minutes: 12, endReason: 'operator-ended' },
    refused: ['shell'],
    chat: [
      {
        by: 'operator',
        text: 'I have put the driver in. Can you print a label?',
        atMs: atMs + 420_000,
        isReceived: true,
      },
      { by: 'person', text: 'Yes, it works again', atMs: atMs + 480_000, isReceived: true },
    ],
  },
  {
    ...{ ...asked, sessionId: 'ses_2', startedAtMs: atMs - 26 * hour, document: document('ses_2') },
    ...{
      reason: 'Your computer has a virus',
      ticket: null,
      answer: 'denied',
      granted: [],
      minutes: null,
      endReason: null,
    },
    ...{ unasked: null, refused: [] },
    chat: [],
  },
  {
    ...{ ...asked, sessionId: 'ses_4', startedAtMs: atMs - 30 * hour, document: document('ses_4') },
    ...{
      reason: 'Updates',
      ticket: null,
      answer: 'not-asked',
      unasked: 'nobody-signed-in',
      granted: ['view', 'control'],
    },
    ...{ minutes: 3, endReason: 'policy-revoked', refused: [] },
    chat: [],
  },
  {
    ...{ sessionId: 'ses_3', startedAtMs: atMs - 50 * hour, document: document('ses_3') },
    problem: 'Receipt 1 has no valid signature.',
  },
]
