import type { Language } from '#protocol/person/language.ts'
import { type PersonWords, wordsIn } from '#protocol/person/words.ts'
import { opens } from '#protocol/trust/receipt.ts'
import type { Access, BrokenAccess } from './accesses.ts'
import { HISTORY_STYLE } from './style.ts'
import { type HistoryWords, historyWordsIn } from './words.ts'

interface Texts {
  readonly language: Language
  readonly own: HistoryWords
  readonly person: PersonWords
}

/**
 * The history as one page that needs nothing else: no script, nothing from elsewhere, and everything that a stranger wrote is text.
 * A signed entry is saved by a link, which the browser does by itself.
 */
export function historyPage(language: Language, accesses: readonly (Access | BrokenAccess)[]): string {
  const texts: Texts = { language, own: historyWordsIn(language), person: wordsIn(language) }
  const { own } = texts
  const list = accesses.map(access => entry(texts, access)).join('')
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width">
<title>${asText(own('title'))}</title>
<style>${HISTORY_STYLE}</style>
<main>
<h1>${asText(own('title'))}</h1>
<p>${asText(accesses.length === 0 ? own('empty') : `${own('count', { count: accesses.length })}. ${own('what')}`)}</p>
${list === '' ? '' : `<ol>${list}</ol>`}
</main>
</html>
`
}

function entry(texts: Texts, access: Access | BrokenAccess): string {
  const { own, language } = texts
  const time = new Date(access.startedAtMs).toLocaleString(language, { dateStyle: 'full', timeStyle: 'short' })
  const body =
    'problem' in access
      ? `<p class="broken">${asText(own('broken'))}</p>`
      : `${facts(texts, access)}${chat(texts, access)}${save(texts, access, time)}`
  return `<li><article><h2><time datetime="${new Date(access.startedAtMs).toISOString()}">${asText(time)}</time></h2>${body}</article></li>`
}

function facts({ own, person }: Texts, access: Access): string {
  const { operator, organisation, reason, ticket, answer, unasked, granted, refused, endReason } = access
  const rows: (readonly [string, string])[] = []
  if (reason) rows.push([own('reason'), reason])
  if (ticket) rows.push([person('ticket'), ticket])
  if (opens(answer)) {
    rows.push([own(unasked ? 'had' : 'allowed'), granted.map(scope => person.scope(scope)).join(', ')])
    if (refused.length > 0) rows.push([own('refused'), refused.map(scope => person.scope(scope)).join(', ')])
    rows.push([own('lasted'), lasted(own, access.minutes)])
    rows.push([own('ended'), endReason ? person.over(endReason) : own('unknown')])
  }
  const said = unasked ? person('unaskedNote', { why: person.unasked(unasked) }) : own(answer)
  const list = rows.map(([term, text]) => `<dt>${asText(term)}</dt><dd>${asText(text)}</dd>`).join('')
  const who = `<strong>${asText(operator.name)}</strong> ${asText(own('from', { organisation }))} (${asText(operator.email)})`
  return `<p class="who">${who}</p><p class="answer ${answer}">${asText(said)}</p><dl>${list}</dl>`
}

/** Both sides' words, as text; a link in them can be read and not followed. */
function chat({ own, person, language }: Texts, { chat: entries, operator }: Access): string {
  if (entries.length === 0) return ''
  const list = entries.map(({ by, text, atMs, isReceived }) => {
    const time = new Date(atMs).toLocaleTimeString(language, { timeStyle: 'short' })
    const name = by === 'person' ? person('chatYou') : operator.name
    const lost = isReceived ? '' : ` · ${person('chatFailed')}`
    return `<li><p class="said">${asText(`${name} · ${time}${lost}`)}</p><p class="text">${asText(text)}</p></li>`
  })
  const title = own('chat', { count: entries.length })
  return `<details><summary>${asText(title)}</summary><ul>${list.join('')}</ul><p class="said">${asText(own('chatKept'))}</p></details>`
}

function lasted(own: HistoryWords, minutes: number | null): string {
  if (minutes === null) return own('unknown')
  return minutes < 1 ? own('short') : own('minutes', { count: Math.round(minutes) })
}

function save({ own }: Texts, { document, sessionId }: Access, time: string): string {
  const data = Buffer.from(JSON.stringify(document)).toString('base64')
  const label = asText(`${own('save')}: ${time}`)
  const link = `<a download="${sessionId}.json" href="data:application/json;base64,${data}" aria-label="${label}">${asText(own('save'))}</a>`
  return `<p class="receipt">${asText(own('genuine'))} ${link}</p>`
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const asText = (text: string) => text.replace(/[&<>"']/g, character => ENTITIES[character] ?? '')
