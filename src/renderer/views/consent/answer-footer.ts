import type { ConsentAnswer } from '#protocol/consent.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { secondsLeft } from '../../components/format/duration.ts'
import { codeOf } from './code-of.ts'
import { element } from './element.ts'
import { KeysRest } from './keys-rest.ts'
import { spokenSeconds } from './spoken-seconds.ts'
import { yesButtons } from './yes-buttons.ts'

const TICK_MS = 200

/** Both epoch ms. */
export interface Timing {
  readonly answerByMs: number
  readonly armedAtMs: number
}

export interface AnswerFooter {
  readonly node: HTMLElement
  /** Something new of the same question: its time, its numbers. */
  update(timing: Timing, numbers: readonly number[] | null): void
}

export interface AnswerFooterParts {
  readonly words: PersonWords
  readonly operator: string
  /** As `yesButtons` takes them. */
  readonly numbers: readonly number[] | null
  readonly timeoutMs: number
  /** Why to be wary, or not to be. */
  readonly warning: string
  readonly timing: Timing
  readonly chosen: () => Scope[]
  /** Looks whether all that is asked for was in sight by now. */
  readonly lookAtAll: () => boolean
  /** It comes to somebody who may be writing something else. */
  readonly interrupts?: boolean
  /** Called at most once at a time; when it rejects, the person may try again. */
  readonly answer: (answer: ConsentAnswer) => Promise<void>
  readonly signal: AbortSignal
}

/** How a question is answered, the first one of a session and those for more alike: "No" has the focus, Escape is "No", no button works before it is armed. */
export function answerFooter({
  words,
  operator,
  numbers,
  timeoutMs,
  warning,
  timing: first,
  chosen,
  lookAtAll,
  interrupts = false,
  answer,
  signal,
}: AnswerFooterParts): AnswerFooter {
  let timing = first
  let isSending = false
  let saidSeconds: number | null = null
  let isRestSaid = false
  let rest = interrupts ? new KeysRest(performance.now()) : undefined
  const no = element('button', { type: 'button', class: 'no', disabled: '' }, words('no'))
  const status = element('p', { class: 'status' }, words('arming'))
  const spoken = element('p', { class: 'spoken', 'aria-live': 'assertive' })
  const problem = element('p', { class: 'problem', role: 'alert' })
  const bar = element('div')

  const send = async (given: ConsentAnswer) => {
    if (isSending || Date.now() < timing.armedAtMs) return
    isSending = true
    problem.textContent = ''
    tick()
    try {
      await answer(given)
    } catch (thrown) {
      isSending = false
      isRestSaid = false
      problem.textContent = words(codeOf(thrown) === 'forbidden' ? 'synthetic' : 'failed')
      tick()
    }
  }
  // Only a person's own press counts: a page's script, or a key that is still down from before, is nobody's answer.
  const yes = yesButtons(words, { operator, numbers }, (number, event) => {
    const { language } = words
    if (event.isTrusted) void send({ accept: true, scopes: chosen(), number, language })
  })
  no.addEventListener('click', event => event.isTrusted && void send({ accept: false }))
  document.addEventListener(
    'keydown',
    event => {
      if (rest && isAbout(event) && !rest.takes(performance.now())) {
        event.preventDefault()
        isRestSaid = true
        problem.textContent = words('keysRest')
      } else if (event.repeat) event.preventDefault()
      else if (event.key === 'Escape' && event.isTrusted) void send({ accept: false })
    },
    { signal },
  )
  const tick = () => {
    const now = Date.now()
    const isArmed = now >= timing.armedAtMs
    const seconds = secondsLeft(timing.answerByMs, now)
    const mayAnswer = isArmed && !isSending
    yes.setEnabled(lookAtAll() && mayAnswer)
    if (mayAnswer === no.disabled) {
      no.disabled = !mayAnswer
      if (mayAnswer) no.focus()
    }
    if (rest?.isOver(performance.now())) {
      rest = undefined
      // What else was said meanwhile stays to be read.
      if (isRestSaid) problem.textContent = ''
      isRestSaid = false
    }
    status.textContent = isSending ? words('sending') : isArmed ? words('left', { count: seconds }) : words('arming')
    bar.style.width = `${(100 * Math.max(0, timing.answerByMs - now)) / timeoutMs}%`
    const say = spokenSeconds(saidSeconds, seconds)
    saidSeconds = seconds
    if (say !== null) spoken.textContent = words('spoken', { count: say })
  }
  const timer = setInterval(tick, TICK_MS)
  let arming: number | undefined
  const armInTime = () => {
    clearTimeout(arming)
    // The exact moment matters more than the tick: a person who is ready shouldn't press a dead button.
    arming = window.setTimeout(tick, Math.max(0, timing.armedAtMs - Date.now()))
  }
  signal.addEventListener('abort', () => {
    clearInterval(timer)
    clearTimeout(arming)
  })
  armInTime()
  tick()
  return {
    node: element(
      'footer',
      {},
      element('p', { id: 'warning', class: 'warning' }, warning),
      problem,
      element('div', { class: numbers === null ? 'buttons' : 'buttons with-numbers' }, no, yes.node),
      element('div', { class: 'bar', 'aria-hidden': 'true' }, bar),
      status,
      spoken,
    ),
    update(next, known) {
      // Asked once more because the answer came too early: it may be given again.
      if (next.armedAtMs > timing.armedAtMs) isSending = false
      // It is only now painted, or once more: what is typed until it was seen is no answer.
      if (interrupts && next.armedAtMs !== timing.armedAtMs) rest = new KeysRest(performance.now())
      timing = next
      if (known !== null) yes.setNumbers(known)
      armInTime()
      tick()
    },
  }
}

/** The banner’s own buttons do what they do. */
const isAbout = ({ target }: Event) => !(target instanceof Element && target.closest('.banner'))
