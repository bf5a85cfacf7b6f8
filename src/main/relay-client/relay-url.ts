import { HandholdError } from '#protocol/errors.ts'

/**
 * The origin of a relay from what a person typed: `relay.example.com`, `https://relay.example.com/`, `http://localhost:7443`.
 * Plain http is for this machine alone; anything else gets https. Throws `bad-request` with an example.
 */
export function parseRelayUrl(typed: string): string {
  const text = typed.trim()
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`)
  if (!url?.hostname || url.username || url.password) throw badAddress()
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw badAddress()
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new HandholdError(
      'bad-request',
      'A relay on another machine needs https://, so that nobody on the way can read your password.',
    )
  }
  return url.origin
}

/** A page that may be opened in a browser: encrypted, or on this machine. */
export function isWebAddress(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)))
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

const badAddress = () =>
  new HandholdError('bad-request', 'That is not a relay address. Write it like https://relay.example.com.')
