import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { SECURITY_HEADERS } from '../../main/shell/security.ts'
import { buildPages, launchBrowser } from './built-pages.ts'
import { BANNER, type ConsentPage, further, openConsentPage } from './consent-page.ts'

let dist: string
let browser: Browser
let consent: ConsentPage

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'handhold-consent-pages-'))
  await buildPages(dist)
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await rm(dist, { recursive: true, force: true })
})
beforeEach(async () => {
  consent = await openConsentPage(browser, dist, SECURITY_HEADERS, { name: 'waiting', language: 'en' })
})
afterEach(() => consent.page.context().close())

async function openChat(): Promise<Page> {
  const { page, show, showChat } = consent
  await show(BANNER)
  await showChat({ isOpen: true, unread: 0, isTyping: false, entries: [] })
  await page.getByRole('textbox').and(page.locator(':focus')).waitFor()
  return page
}

test('A166 what a program typed into the chat goes, what the person wrote before it stays and can be sent', async () => {
  const page = await openChat()
  const line = page.getByRole('textbox')
  await page.keyboard.type('the printer')
  // Farther apart than two clocks may be.
  await page.waitForTimeout(100)
  const sinceMs = Date.now()
  await page.keyboard.type('XY')
  await consent.spoilDraft({ sinceMs, isOver: false })
  await page.getByRole('alert').getByText('A program typed here').waitFor()
  expect(await line.inputValue()).toBe('the printer')
  // More of it is still on its way.
  await page.keyboard.type('Z')
  expect(await line.inputValue()).toBe('the printer')
  await consent.spoilDraft({ sinceMs, isOver: true })
  await page.keyboard.type(' is stuck')
  expect(await line.inputValue()).toBe('the printer is stuck')
  expect(await page.getByRole('alert').filter({ hasText: 'A program typed' }).count()).toBe(0)
  await page.keyboard.press('Enter')
  await expect.poll(() => line.inputValue()).toBe('')
  expect(consent.calls.filter(name => name === 'say')).toHaveLength(1)
})

test('keys that are a browser’s do nothing in the window, keys to write with do what they do', async () => {
  const page = await openChat()
  await page.evaluate(() => {
    const left: string[] = []
    Object.assign(window, { left })
    addEventListener('keydown', event => event.defaultPrevented || left.push(event.key))
  })
  for (const keys of ['F5', 'F12', 'Control+p', 'Control+r', 'Control+w', 'Control+Shift+i', 'Control+u', 'Meta+s'])
    await page.keyboard.press(keys)
  const left = () => page.evaluate(() => (window as unknown as { left: string[] }).left)
  expect((await left()).filter(key => !['Control', 'Shift', 'Meta'].includes(key))).toEqual([])
  await page.keyboard.type('ab')
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Backspace')
  expect(await page.getByRole('textbox').inputValue()).toBe('')
  expect(await left()).toEqual(expect.arrayContaining(['a', 'b', 'Backspace']))
  // Loaded once.
  expect(consent.requests).toHaveLength(3)
})

test('main hears when what is typed comes to the window, and when it no longer does; what is dropped on it does nothing', async () => {
  const { page, calls } = consent
  await page.evaluate(() => {
    window.dispatchEvent(new Event('blur'))
    window.dispatchEvent(new Event('focus'))
  })
  const heard = () => calls.filter(name => name.startsWith('keyboard')).slice(-2)
  await expect.poll(heard).toEqual(['keyboard false', 'keyboard true'])
  const isTaken = await page.evaluate(() =>
    ['dragover', 'drop'].map(name => document.body.dispatchEvent(new Event(name, { cancelable: true, bubbles: true }))),
  )
  expect(isTaken).toEqual([false, false])
})

test('A59 whoever is writing when more is asked for doesn’t answer with what they write; after a moment’s rest keys count', async () => {
  const { page, calls, show } = consent
  await show(BANNER)
  // As main does it: nothing is armed before it was painted.
  const question = further()
  await show({ ...BANNER, further: { ...question, armedAtMs: question.answerByMs } })
  await show({ ...BANNER, further: { ...question, armedAtMs: Date.now() + 300 } })
  await page.getByRole('button', { name: 'No', exact: true }).and(page.locator(':focus')).waitFor()
  for (const key of ['y', ' ', 'Enter', 'Tab', ' ', 'Escape']) {
    await page.keyboard.press(key)
    await page.waitForTimeout(200)
  }
  await page.getByRole('alert').getByText('Stop for a moment').waitFor()
  expect(calls.filter(name => name.startsWith('answer'))).toEqual([])
  await page.waitForTimeout(1_300)
  expect(await page.getByText('Stop for a moment').count()).toBe(0)
  await page.keyboard.press('Escape')
  await expect.poll(() => calls).toContain('answer {"accept":false}')
})

test('what main refused stays to be read when the keys’ rest is over', async () => {
  const { page, show } = consent
  await show(BANNER)
  await show({ ...BANNER, further: further() })
  await page.keyboard.press('y')
  await page.getByRole('alert').getByText('Stop for a moment').waitFor()
  consent.refuse('answer', { code: 'forbidden', message: 'No hardware made that.' })
  await page.getByRole('button', { name: 'No', exact: true }).click()
  const why = page.getByRole('alert').getByText('did not come from this computer')
  await why.waitFor()
  // Longer than the rest.
  await page.waitForTimeout(1_500)
  expect(await why.count()).toBe(1)
})

test('the mouse answers a question for more at once, and “End” works by key, whatever is typed', async () => {
  const { page, calls, show } = consent
  await show(BANNER)
  await show({ ...BANNER, further: further() })
  await page.keyboard.type('abc')
  await page.getByRole('button', { name: 'End' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'No', exact: true }).click()
  await expect.poll(() => calls).toContain('answer {"accept":false}')
  expect(calls).toContain('end')
})
