import { type ConsentToService, serviceToConsentSchema } from '#protocol/consent.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import type { SessionRequest } from '#protocol/wire/agent.ts'

// A person in front of the consent window, without the window. The first argument says what they do; SIGUSR2 is their click on "End", SIGHUP on "Pause", SIGWINCH on
// "Take back control"; SIGTTIN and SIGTTOU say that something stands in front of the window, and that it doesn't any more; SIGIO and SIGURG that what is typed comes to
// the window, and that it doesn't any more.
const behaviour = process.argv[2] ?? 'accept'
const ANSWER_AFTER_ARMED_MS = 50
/** On a display of 800 × 600. */
const BANNER = { x: 500, y: 0, width: 300, height: 64 }

const wordsOf = ({ operator, organisation, reason }: SessionRequest) => ({
  language: 'en',
  text: `${operator.name} from ${organisation.name}\n${reason}`,
})

const say = (message: ConsentToService) => process.send?.(message)

process.on('message', value => {
  const message = serviceToConsentSchema.parse(value)
  // Seen in the agent's log, so that a test can wait for it.
  console.log(`pid ${process.pid} told ${JSON.stringify(message.type === 'kiosk' ? message.kiosk : message)}`)
  if (message.type === 'kiosk') say({ type: 'shown' })
  if (message.type === 'notice') for (const type of ['shown', 'understood'] as const) say({ type })
  if (message.type === 'banner') say({ type: 'place', area: BANNER })
  if (message.type === 'announce' && behaviour !== 'wait') say({ type: 'shown', words: wordsOf(message.request) })
  if (message.type === 'over') process.exit(0)
  if (message.type === 'chat' && message.chat.type === 'message') {
    const { id, text } = message.chat
    say({ type: 'chat', chat: { type: 'received', id } })
    say({ type: 'chat', chat: { type: 'message', id, text: `You wrote: ${text}` } })
  }
  if (message.type === 'ask-further') {
    const asked: Scope[] = ['view', ...message.scopes]
    const further: ConsentToService =
      behaviour === 'refuse-further'
        ? { type: 'answer', answer: { accept: false } }
        : { type: 'answer', answer: { accept: true, scopes: asked, number: null, language: 'en' } }
    say({ type: 'shown', words: { language: 'en', text: `May they also have ${message.scopes.join(', ')}?` } })
    if (behaviour === 'early-further') say(further)
    else if (behaviour !== 'ignore-further') setTimeout(() => say(further), message.armDelayMs + ANSWER_AFTER_ARMED_MS)
  }
  if (message.type === 'ask-join') {
    const { scopes } = message.request
    say({ type: 'shown', words: wordsOf(message.request) })
    const answer: ConsentToService =
      behaviour === 'refuse-further'
        ? { type: 'answer', answer: { accept: false } }
        : { type: 'answer', answer: { accept: true, scopes, number: null, language: 'en' } }
    if (behaviour !== 'ignore-further') setTimeout(() => say(answer), message.armDelayMs + ANSWER_AFTER_ARMED_MS)
  }
  if (message.type !== 'ask') return
  const scopes: Scope[] = behaviour === 'view-only' ? ['view'] : message.request.scopes
  const yes = () => say({ type: 'answer', answer: { accept: true, scopes, number: null, language: 'en' } })
  say(
    behaviour === 'fail'
      ? { type: 'failed', message: 'there is no display' }
      : { type: 'shown', words: wordsOf(message.request) },
  )
  if (behaviour === 'early') yes()
  if (behaviour === 'close') process.exit(0)
  if (behaviour === 'crash') process.kill(process.pid, 'SIGSEGV')
  if (behaviour === 'decline') say({ type: 'answer', answer: { accept: false } })
  if (['accept', 'view-only', 'refuse-further', 'ignore-further', 'early-further'].includes(behaviour)) {
    setTimeout(yes, message.armDelayMs + ANSWER_AFTER_ARMED_MS)
  }
})
process.on('SIGHUP', () => say({ type: 'pause', isPaused: true }))
process.on('SIGWINCH', () => say({ type: 'take-back' }))
process.on('SIGTTIN', () => say({ type: 'covered', isCovered: true }))
process.on('SIGTTOU', () => say({ type: 'covered', isCovered: false }))
process.on('SIGIO', () => say({ type: 'keyboard', isHere: true }))
process.on('SIGURG', () => say({ type: 'keyboard', isHere: false }))
process.on('SIGUSR2', () => say({ type: 'end' }))
process.on('disconnect', () => process.exit(0))
say({ type: 'ready' })
