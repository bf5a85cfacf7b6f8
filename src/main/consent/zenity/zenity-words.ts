import type { ConsentState } from '#ipc/consent.ts'
import type { PersonWords } from '#protocol/person/words.ts'

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
    ...(script !== undefined ? [`${words('script')}: ${script}`] : []),
    ...(reason ? [`${words('reason')}: ${reason}`] : []),
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
  { request, sinceMs, scopes, isPaused, linkUp, isRecording, watchers, unasked, further, script, others = [] }: Banner,
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
    words('live', { operator: [operator.name, ...others].join(' + '), organisation: organisation.name }),
    ...watchers.map(watcher => words('watches', { watcher })),
    `${words('since', { time: words.time(sinceMs) })} · ${note}`,
    ...(unasked ? [words('unaskedNote', { why: words.unasked(unasked) })] : []),
    ...(isRecording ? [words('recording')] : []),
    ...(further ? ['', ...furtherLines(words, request, further)] : []),
  ].join('\n')
}

/** More that is asked for, or somebody else who wants to be there too, under what the banner says. */
function furtherLines(
  words: PersonWords,
  request: Banner['request'],
  { joins, by, scopes, numbers }: NonNullable<Banner['further']>,
): string[] {
  const { operator, organisation } = joins ?? request
  const names = { operator: by ?? operator.name, organisation: organisation.name }
  return [
    words(joins ? 'titleJoin' : 'titleMore', names),
    ...(joins?.reason ? [`${words('reason')}: ${joins.reason}`] : []),
    ...scopes.map(scope => `   •  ${words.scope(scope)}`),
    ...(joins ? [words('joinHint', { operator: request.operator.name })] : []),
    words('warning'),
    ...(numbers === null ? [] : [numbers.length === 0 ? words('numberComing') : words('number', names)]),
  ]
}
