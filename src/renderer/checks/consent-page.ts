import type { Browser } from 'playwright'
import type { ConsentState } from '#ipc/consent.ts'
import type { ChatView } from '#ipc/consent-chat.ts'
import type { WireError } from '#protocol/errors.ts'
import { installBridge, type OpenedPage, openPage } from './built-pages.ts'
import { sampleRequest } from './samples.ts'

export interface ConsentPage extends OpenedPage {
  readonly calls: string[]
  /** Main says no to the next call of this name. */
  refuse(call: string, error: WireError): void
  show(state: ConsentState): Promise<void>
  showChat(chat: ChatView): Promise<void>
  pressAt(place: { x: number; y: number }): Promise<void>
  spoilDraft(spoiled: { sinceMs: number; isOver: boolean }): Promise<void>
}

/** The person’s window as it was built, with a main side that records what it is told. */
export async function openConsentPage(
  browser: Browser,
  dist: string,
  headers: Readonly<Record<string, string>>,
  state: ConsentState,
): Promise<ConsentPage> {
  const context = await browser.newContext({ viewport: { width: 720, height: 740 } })
  const calls: string[] = []
  const refusals = new Map<string, WireError>()
  let show: ConsentPage['show'] = async () => undefined
  let showChat: ConsentPage['showChat'] = async () => undefined
  let spoilDraft: ConsentPage['spoilDraft'] = async () => undefined
  let pressAt: ConsentPage['pressAt'] = async () => undefined
  const opened = await openPage(context, dist, 'consent', headers, async page => {
    const emit = await installBridge(page, async (name, args) => {
      if (name === 'answer') calls.push(`answer ${JSON.stringify((args as { answer: object }).answer)}`)
      else calls.push(name === 'keyboard' ? `keyboard ${(args as { isHere: boolean }).isHere}` : name)
      const refusal = refusals.get(name)
      refusals.delete(name)
      if (refusal) throw refusal
      return name === 'state' ? state : undefined
    })
    show = next => emit('stateChanged', next)
    showChat = next => emit('chatChanged', next)
    spoilDraft = spoiled => emit('draftSpoiled', spoiled)
    pressAt = place => emit('pressed', place)
  })
  const refuse = (call: string, error: WireError) => void refusals.set(call, error)
  return { ...opened, calls, refuse, show, showChat, pressAt, spoilDraft }
}

export const asking = (armedInMs: number): Extract<ConsentState, { name: 'asking' }> => ({
  name: 'asking',
  language: 'en',
  numbers: null,
  request: sampleRequest,
  helpAskedAtMs: null,
  answerByMs: Date.now() + 30_000,
  armedAtMs: Date.now() + armedInMs,
})
export const BANNER: Extract<ConsentState, { name: 'banner' }> = {
  ...{ name: 'banner', language: 'en', request: sampleRequest, sinceMs: Date.now() - 65_000, linkUp: true },
  ...{ scopes: ['view', 'control'], isPaused: false, isRecording: false, watchers: [] },
}

/** More that is asked for beneath the banner, armed. */
export const further = () => ({
  ...{ scopes: ['control', 'shell'] as ('control' | 'shell')[], numbers: null, timeoutMs: 30_000 },
  ...{ answerByMs: Date.now() + 30_000, armedAtMs: Date.now() - 1 },
})
