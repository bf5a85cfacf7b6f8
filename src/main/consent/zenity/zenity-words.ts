import type { ConsentState } from '#ipc/consent.ts'
import type { PersonWords } from '#protocol/person/words.ts'
import type { Scope } from '#protocol/session/scopes.ts'

type Asking = Extract<ConsentState, { name: 'asking' }>
type Banner = Extract<ConsentState, { name: 'banner' }>

/** The question as plain text, with what this window can't do. */
export function questionText(
  words: PersonWords,
  { request, numbers, helpAskedAtMs, script }: Asking,
  seconds: number,
): string {
  const { operator, organisation, reason, ticket, durationMs, scopes } = request
  const names = { operator: operator.name, organisation: organisation.name }
  return [
    words(script === undefined ? 'title' : 'titleScript', names),
    '',
    script === undefined ? `${words('reason')}: ${reason}` : `${words('script')}: ${script}`,
    ...(ticket ? [`${words('ticket')}: ${ticket}`] : []),
    `${words('duration')}: ${words.duration(durationMs)}`,
    '',
    words(script === undefined ? 'plainAll' : 'scriptMay'),
    ...scopes.filter(scope => script === undefined || scope !== 'view').map(scope => `   •  ${words.scope(scope)}`),
    '',
    helpAskedAtMs === null
      ? words('warning')
      : words('askedFor', { operator: operator.name, time: words.time(helpAskedAtMs) }),
    '',
    ...(numbers === null ? [] : [numbers.length === 0 ? words('numberComing') : words('number', names), '']),
    words('left', { count: seconds }),
    words('plainLacks'),
  ].join('\n')
}

export function bannerText(
  words: PersonWords,
  { request, sinceMs, scopes, isPaused, linkUp, isRecording, watchers, further, script }: Banner,
): string {
  const { operator, organisation } = request
  const note =
    script !== undefined
      ? words('scriptRuns', { script })
      : isPaused
        ? words('paused')
        : linkUp
          ? words('may', { scopes: scopes.map(scope => words.scope(scope)).join(', ') })
          : words('interrupted')
  return [
    words('live', { operator: operator.name, organisation: organisation.name }),
    ...watchers.map(watcher => words('watches', { watcher })),
    `${words('since', { time: words.time(sinceMs) })} · ${note}`,
    ...(isRecording ? [words('recording')] : []),
    ...(further ? ['', ...furtherLines(words, request, further.scopes)] : []),
  ].join('\n')
}

/** More that is asked for, under what the banner says. */
const furtherLines = (words: PersonWords, { operator, organisation }: Banner['request'], scopes: readonly Scope[]) => [
  words('titleMore', { operator: operator.name, organisation: organisation.name }),
  ...scopes.map(scope => `   •  ${words.scope(scope)}`),
  words('warning'),
]
