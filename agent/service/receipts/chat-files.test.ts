import { appendFile, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CHAT_KEPT_MAX } from '#protocol/limits.ts'
import { ChatFiles } from './chat-files.ts'
import type { ChatLine } from './chat-lines.ts'
import { SessionChat } from './session-chat.ts'

let folder: string
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'handhold-chats-')), 'receipts')
})
afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }))

const said = (id: number, text: string): ChatLine => ({ kind: 'said', by: 'operator', id, text, atMs: 1_000 + id })

describe('the chat of a session on the disk', () => {
  it('is read as it was written, by its owner alone, also where the device died within a line', async () => {
    const files = new ChatFiles(folder)
    expect(await files.read('1-a')).toEqual([])
    await files.append('1-a', said(1, 'Good morning\nthere'))
    await files.append('1-a', { kind: 'said', by: 'person', id: 1, text: 'ok', atMs: 2_000 })
    await files.append('1-a', { kind: 'arrived', by: 'operator', id: 1 })
    const path = join(folder, '1-a.chat.jsonl')
    await appendFile(path, '{"kind":"said","by":"oper')
    expect(await files.read('1-a')).toEqual([
      { by: 'operator', text: 'Good morning\nthere', atMs: 1_001, isReceived: true },
      { by: 'person', text: 'ok', atMs: 2_000, isReceived: false },
    ])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  })

  it('goes with its session’s receipts, and where all are too much the oldest do', async () => {
    const files = new ChatFiles(folder, 250)
    for (const name of ['1-a', '2-b', '3-c', '4-d']) await files.append(name, said(1, 'x'.repeat(40)))
    const bytes = (await stat(join(folder, '1-a.chat.jsonl'))).size
    expect(2 * bytes).toBeLessThan(250)
    expect(3 * bytes).toBeGreaterThan(250)
    await files.prune(new Set(['1-a', '2-b', '4-d']))
    expect((await readdir(folder)).toSorted()).toEqual(['2-b.chat.jsonl', '4-d.chat.jsonl'])
  })

  it('A166 takes what was changed by hand as text that is honest, or not at all', async () => {
    const files = new ChatFiles(folder)
    await files.append('1-a', said(1, 'x'))
    const path = join(folder, '1-a.chat.jsonl')
    const line = JSON.parse((await readFile(path, 'utf8')).trim()) as object
    for (const change of [{ text: 'a\u202Eb' }, { by: 'nobody' }])
      await appendFile(path, `${JSON.stringify({ ...line, ...change })}\n`)
    expect((await files.read('1-a')).map(({ text }) => text)).toEqual(['x', 'ab'])
  })
})

describe('what is kept of a chat', () => {
  it('A166 is each message once, as many as a chat has, and that it arrived', () => {
    const lines: ChatLine[] = []
    const chat = new SessionChat({ nowMs: () => 5, write: line => void lines.push(line) })
    chat.note('operator', { type: 'message', id: 1, text: 'Hello' })
    chat.note('operator', { type: 'message', id: 1, text: 'Hello again' })
    chat.note('person', { type: 'received', id: 7 })
    chat.note('person', { type: 'received', id: 1 })
    chat.note('person', { type: 'received', id: 1 })
    chat.note('person', { type: 'typing', isTyping: true })
    expect(lines).toEqual([
      { kind: 'said', by: 'operator', id: 1, text: 'Hello', atMs: 5 },
      { kind: 'arrived', by: 'operator', id: 1 },
    ])
    for (let id = 2; id < 2 * CHAT_KEPT_MAX; id++) chat.note('operator', { type: 'message', id, text: 'flood' })
    expect(lines.filter(({ kind }) => kind === 'said')).toHaveLength(CHAT_KEPT_MAX)
  })
})
