import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { createLog } from './log.ts'

it('A115 blots out whatever may be a credential', () => {
  let text = ''
  const destination = new Writable({
    write(chunk, _encoding, done) {
      text += chunk
      done()
    },
  })
  const log = createLog('info', destination)
  for (const key of ['authorization', 'token', 'password', 'secret', 'pass', 'proof', 'cookie'])
    log.info({ [key]: 'hunter2', body: { [key]: 'hunter2' }, request: { headers: { [key]: 'hunter2' } } }, 'seen')
  expect(text).not.toContain('hunter2')
  expect(text.match(/\[redacted\]/g)).toHaveLength(21)
})
