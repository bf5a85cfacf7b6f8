import { describe, expect, it } from 'vitest'
import { parseRelayUrl } from './relay-url.ts'

describe('parseRelayUrl', () => {
  it.each([
    ['relay.example.com', 'https://relay.example.com'],
    ['  https://relay.example.com/  ', 'https://relay.example.com'],
    ['https://relay.example.com:8443/path?x=1', 'https://relay.example.com:8443'],
    ['http://127.0.0.1:7443', 'http://127.0.0.1:7443'],
    ['http://localhost:7443', 'http://localhost:7443'],
  ])('takes %s as %s', (typed, origin) => {
    expect(parseRelayUrl(typed)).toBe(origin)
  })

  it.each([
    '',
    'http://relay.example.com',
    'http://127.0.0.1.example.com',
    'https://user:secret@relay.example.com',
    'javascript:alert(1)',
    'file:///etc/passwd',
    'https://',
    'ws://relay.example.com',
  ])('refuses %s', typed => {
    expect(() => parseRelayUrl(typed)).toThrow(expect.objectContaining({ code: 'bad-request' }))
  })
})
