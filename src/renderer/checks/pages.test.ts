import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ConsentState } from '#ipc/consent.ts'
import type { ComeBackState } from '#ipc/operator.ts'
import { LANGUAGES } from '#protocol/person/language.ts'
import { SCOPES } from '#protocol/session/scopes.ts'
import type { SessionState } from '#protocol/session/state.ts'
import { SECURITY_HEADERS } from '../../main/shell/security.ts'
import { buildPages, installBridge, launchBrowser, type OpenedPage, openPage } from './built-pages.ts'
import { asking, BANNER, further, openConsentPage } from './consent-page.ts'
import { BROWSER_CODE, FakeMain, PASSWORD } from './fake-main.ts'
import { believableDevices } from './sample-devices.ts'
import { RELAY_URL, sampleApproval, sampleDevice, sampleRequest, sampleTab, sampleWaiting, user } from './samples.ts'

let dist: string
let browser: Browser

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'handhold-pages-'))
  await buildPages(dist)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser?.close()
  await rm(dist, { recursive: true, force: true })
})

async function openOperator(main: FakeMain): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 720 } })
  return openPage(context, dist, 'operator', SECURITY_HEADERS, async page => {
    const emit = await installBridge(page, (name, args) => main.call(name as 'snapshot', args as undefined))
    main.forwardEvents((name, payload) => void emit(name, payload))
  })
}

const openConsent = (state: ConsentState) => openConsentPage(browser, dist, SECURITY_HEADERS, state)

async function seriousViolations(page: Page, within = 'body'): Promise<unknown[]> {
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    selector => (window as unknown as { axe: typeof axe }).axe.run({ include: [selector] }),
    within,
  )
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  return serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])
}

const withDevices = () => new FakeMain({ devices: { error: null, devices: believableDevices(Date.now()) } })
const press = async (page: Page, ...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key)
}

test('a wrong password is told beside the form, a right one opens the device list', async () => {
  const main = new FakeMain({ auth: { name: 'signed-out', lastRelayUrl: RELAY_URL, lastEmail: user.email } })
  const { page, complaints } = await openOperator(main)
  // What is remembered is filled in, and the focus is on what is missing.
  expect(await page.getByLabel('Relay address').inputValue()).toBe(RELAY_URL)
  await page.keyboard.type('wrong')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('E-mail or password is wrong').waitFor()
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'No devices yet' }).waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the second step takes a code with a space in it, or a recovery code, and leads back to the first', async () => {
  const main = new FakeMain({ auth: { name: 'second-factor', relayUrl: RELAY_URL, email: user.email } })
  const { page, complaints } = await openOperator(main)
  const submit = page.getByRole('button', { name: 'Sign in' })
  expect(await submit.isDisabled()).toBe(true)
  main.refusals.set('finishSignIn', { code: 'sign-in-failed', message: 'The code is wrong or was used before.' })
  await page.getByLabel('Code of your authenticator app').fill('123 456')
  await page.keyboard.press('Enter')
  await page.getByRole('alert').getByText('wrong or was used').waitFor()
  expect(await page.getByLabel('Code of your authenticator app').inputValue()).toBe('')
  await page.getByRole('button', { name: 'Start again' }).click()
  await page.getByLabel('Relay address').waitFor()
  main.set({ auth: { name: 'second-factor', relayUrl: RELAY_URL, email: user.email } })
  await page.getByRole('button', { name: 'Use a recovery code' }).click()
  await page.keyboard.type('abcd-efgh-jkmn-pqrs')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'No devices yet' }).waitFor()
  expect(main.calls.filter(({ name }) => name === 'finishSignIn').map(({ args }) => args)).toEqual([
    { code: '123456' },
    { recoveryCode: 'abcd-efgh-jkmn-pqrs' },
  ])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a sign-in in the browser waits for the code that the browser shows', async () => {
  const main = new FakeMain({ auth: { name: 'signed-out', lastRelayUrl: RELAY_URL, lastEmail: user.email } })
  const { page, complaints } = await openOperator(main)
  await page.getByRole('button', { name: 'Single sign-on' }).click()
  await page.getByText('Waiting for your browser').waitFor()
  main.set({ auth: { name: 'browser', relayUrl: RELAY_URL, isDone: true } })
  await page.getByText('Your browser is done.').waitFor()
  await page.keyboard.type('111 111')
  await press(page, 'Enter')
  await page.getByRole('alert').getByText('The code is wrong').waitFor()
  await page.getByRole('button', { name: 'Start again' }).click()
  await page.getByRole('button', { name: 'Passkey' }).click()
  await page.getByLabel('Code in your browser').fill(`${BROWSER_CODE.slice(0, 3)} ${BROWSER_CODE.slice(3)}`)
  await press(page, 'Enter')
  await page.getByRole('heading', { name: 'No devices yet' }).waitFor()
  expect(main.calls.filter(({ name }) => name === 'beginBrowserSignIn').map(({ args }) => args)).toEqual([
    { relayUrl: RELAY_URL, email: user.email },
    { relayUrl: RELAY_URL, email: null },
  ])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('what waits for a second person is said in the window’s head and answered by the keyboard', async () => {
  const main = withDevices()
  const { page, complaints } = await openOperator(main)
  await page.getByRole('grid').waitFor()
  expect(await page.getByRole('button', { name: /wait for your agreement/ }).count()).toBe(0)
  main.set({ approvals: [sampleApproval('1'), sampleApproval('2')] })
  await page.getByText('2 to approve').waitFor()
  await page.getByRole('button', { name: /wait for your agreement/ }).focus()
  await press(page, 'Enter')
  const dialog = page.getByRole('dialog', { name: 'Waiting for a second person' })
  const first = dialog.getByRole('listitem').first()
  await first.getByText('The ticket printer has to be set up again before the morning.').waitFor()
  for (const fact of ['CHG-3310', 'See the screen', 'Use mouse and keyboard', 'Answer within'])
    expect(await first.textContent()).toContain(fact)
  await dialog.getByRole('button', { name: 'Agree that Noor Haddad opens Kiosk 1' }).focus()
  await press(page, 'Enter')
  await expect.poll(() => dialog.getByRole('listitem').count()).toBe(1)
  main.refusals.set('answerApproval', { code: 'illegal-transition', message: 'This was answered already.' })
  await dialog.getByRole('button', { name: 'Refuse Noor Haddad and Kiosk 2' }).click()
  await dialog.getByRole('alert').getByText('answered already').waitFor()
  await press(page, 'Escape')
  expect(await dialog.count()).toBe(0)
  const answers = main.calls.filter(({ name }) => name === 'answerApproval').map(({ args }) => args)
  expect(answers).toMatchObject([{ approve: true }, { approve: false }])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a help code leads to the question for its device, with the person’s own words, by the keyboard alone', async () => {
  const main = withDevices()
  const { page, complaints } = await openOperator(main)
  await page.getByLabel('Help code').focus()
  await page.keyboard.type('123-45a6789')
  expect(await page.getByLabel('Help code').inputValue()).toBe('123 456 789')
  main.refusals.set('redeemHelpCode', { code: 'help-code-invalid', message: 'This code is not good.' })
  await press(page, 'Enter')
  await page.getByRole('alert').getByText('This code is not good').waitFor()
  await press(page, 'Enter')
  const dialog = page.getByRole('dialog', { name: 'Connect to' })
  await dialog.getByText('petra asked for help').waitFor()
  expect(await dialog.getByLabel('Reason').inputValue()).toBe('The printer is stuck')
  expect(main.calls.filter(({ name }) => name === 'redeemHelpCode').map(({ args }) => args)).toMatchObject([
    { code: '123 456 789' },
    { code: '123 456 789' },
  ])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('A110 the queue shows who waits as text, takes one, and says what is wrong', async () => {
  const main = withDevices()
  const hostile = '<img src=x onerror=alert(1)>'
  main.state = { ...main.state, help: { status: 'loading', error: null, waiting: [] } }
  const { page, complaints } = await openOperator(main)
  const open = page.getByRole('button', { name: /people who wait for help/ })
  await open.click()
  await page.getByText('Asking who waits').waitFor()
  main.set({ help: { status: 'ready', error: null, waiting: [] } })
  await page.getByText('Nobody waits for help.').waitFor()
  main.set({
    help: {
      status: 'ready',
      error: null,
      waiting: [sampleWaiting(1, { who: hostile, words: hostile }), sampleWaiting(2)],
    },
  })
  await page.getByRole('heading', { name: hostile }).waitFor()
  await open.getByText('2 waiting').waitFor()
  const problem = { code: 'relay-unreachable', message: 'The relay can’t be reached.' } as const
  main.set({ help: { ...main.state.help, status: 'failed', error: problem } })
  await page.getByRole('alert').getByText('can’t be reached').waitFor()
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect.poll(() => page.getByRole('alert').count()).toBe(0)
  expect(await seriousViolations(page, 'aside')).toEqual([])
  await page.getByRole('button', { name: `Take ${sampleWaiting(1).deviceName}` }).click()
  await page.getByRole('dialog').getByText('asked for help').waitFor()
  expect(main.calls.filter(({ name }) => name === 'takeHelp').map(({ args }) => args)).toEqual([
    { helpId: sampleWaiting(1).id },
  ])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the queue is worked by the keyboard alone: Enter opens and takes, Escape closes, the focus is never lost, and who comes is said', async () => {
  const main = withDevices()
  const waiting = [sampleWaiting(1), sampleWaiting(2)]
  const wait = (list: typeof waiting) => main.set({ help: { status: 'ready', error: null, waiting: list } })
  const { page, complaints } = await openOperator(main)
  wait(waiting)
  const open = page.getByRole('button', { name: /people who wait for help/ })
  const focused = page.locator(':focus')
  await page.getByLabel('Help code').focus()
  await press(page, 'Tab')
  await open.and(focused).waitFor()
  await press(page, 'Enter')
  await page.getByRole('heading', { name: 'Waiting for help' }).and(focused).waitFor()
  const takeOf = (index: number) => page.getByRole('button', { name: `Take ${sampleWaiting(index).deviceName}` })
  await press(page, 'Tab', 'Tab')
  await takeOf(1).and(focused).waitFor()
  await press(page, 'Tab')
  await takeOf(2).and(focused).waitFor()
  await press(page, 'Shift+Tab', 'Enter')
  await page.getByRole('dialog').getByText('asked for help').waitFor()
  wait(waiting.slice(1))
  await press(page, 'Escape')
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  await page.getByRole('list', { name: 'Waiting for help' }).and(focused).waitFor()
  wait([sampleWaiting(2), sampleWaiting(3)])
  await page.getByRole('status').getByText('2 waiting').waitFor({ state: 'attached' })
  await press(page, 'Tab')
  await takeOf(2).and(focused).waitFor()
  await press(page, 'Escape')
  await open.and(focused).waitFor()
  expect(await page.locator('aside').count()).toBe(0)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('the person asks for help by keyboard, reads the code, and takes it back', async () => {
  const { page, calls, show, complaints } = await openConsent({ name: 'help', language: 'en', help: { phase: 'idle' } })
  await page
    .getByRole('button', { name: /Get a number/ })
    .and(page.locator(':focus'))
    .waitFor()
  await press(page, 'Enter')
  await expect.poll(() => calls).toContain('help')
  await show({ name: 'help', language: 'en', help: { phase: 'code', code: '012345678', untilMs: Date.now() + 60_000 } })
  await page.getByText('012 345 678').waitFor()
  await page.getByRole('button', { name: 'I need no help any more' }).and(page.locator(':focus')).waitFor()
  expect(await seriousViolations(page)).toEqual([])
  await show({ name: 'help', language: 'en', help: { phase: 'failed', problem: 'rate-limited' } })
  await page.getByRole('alert').getByText('quarter of an hour').waitFor()
  expect(complaints).toEqual([])
  await page.context().close()
})

test('A94 A104 what is let go over the window leads nowhere: a small file is read, a large one is not, and a link is nothing', async () => {
  const main = withDevices()
  const { page, complaints } = await openOperator(main)
  await page.getByRole('tab', { name: 'Devices' }).waitFor()
  const letGo = (files: readonly { name: string; bytes: number }[], link?: string) =>
    page.evaluate(
      ([given, uri]) => {
        const data = new DataTransfer()
        for (const { name, bytes } of given) data.items.add(new File(['x'.repeat(bytes)], name))
        if (uri !== undefined) data.setData('text/uri-list', uri)
        const events = ['dragover', 'drop'].map(
          type => new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true }),
        )
        return events.map(event => document.body.dispatchEvent(event))
      },
      [files, link] as const,
    )
  const dropped = () => main.calls.filter(({ name }) => name === 'dropPass').map(({ args }) => args)
  const one = { name: 'a.handhold', bytes: 100 }
  expect(await letGo([], 'https://evil.example/')).toEqual([false, false])
  expect(await letGo([one])).toEqual([false, false])
  await page.getByRole('dialog').getByText('Not a pass').waitFor()
  expect(await letGo([{ name: 'large.handhold', bytes: 8 * 1024 + 1 }])).toEqual([false, false])
  expect(await letGo([one, one, one])).toEqual([false, false])
  await expect
    .poll(dropped)
    .toEqual([{ texts: ['x'.repeat(100)] }, { texts: [''] }, { texts: ['x'.repeat(100), 'x'.repeat(100)] }])
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a session is asked for with the keyboard alone', async () => {
  const main = withDevices()
  const { page, complaints } = await openOperator(main)
  await page.getByRole('grid').waitFor()
  await press(page, '/')
  await page.keyboard.type('pack')
  await press(page, 'ArrowDown', 'ArrowDown', 'Enter')
  await page.getByRole('dialog', { name: 'Connect to Packing station 12' }).waitFor()
  await press(page, 'Enter')
  expect(main.calls.some(({ name }) => name === 'startSession')).toBe(false)
  await page.keyboard.type('Printer')
  await press(page, 'Enter')
  await page.getByRole('heading', { name: 'Connecting to Packing station 12' }).waitFor()
  expect(main.calls.find(({ name }) => name === 'startSession')?.args).toMatchObject({
    reason: 'Printer',
    ticketReference: null,
    scopes: ['view', 'control'],
  })
  await press(page, 'Control+1')
  await page.getByRole('grid').waitFor()
  await press(page, 'Control+2', 'Control+w')
  await page.getByRole('tab').nth(1).waitFor({ state: 'detached' })
  await press(page, 'Control+k')
  await page.keyboard.type('connect kiosk l')
  await press(page, 'Enter')
  await page.getByRole('dialog', { name: 'Connect to Kiosk Lobby' }).waitFor()
  await press(page, 'Escape')
  expect(await page.getByRole('dialog').count()).toBe(0)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('a reason or a ticket is asked for as the device’s group has it', async () => {
  const main = withDevices()
  main.asks = { reason: 'off', ticket: 'required' }
  const { page, complaints } = await openOperator(main)
  await page.getByRole('grid').waitFor()
  await press(page, '/')
  await page.keyboard.type('pack')
  await press(page, 'ArrowDown', 'ArrowDown', 'Enter')
  const dialog = page.getByRole('dialog', { name: 'Connect to Packing station 12' })
  await dialog.waitFor()
  await expect.poll(() => dialog.getByLabel('Reason').count()).toBe(0)
  await dialog.getByRole('button', { name: 'Ask to connect' }).click()
  expect(main.calls.some(({ name }) => name === 'startSession')).toBe(false)
  await dialog.getByLabel('Ticket').fill('INC-7')
  await press(page, 'Enter')
  await page.getByRole('heading', { name: 'Connecting to Packing station 12' }).waitFor()
  const asked = main.calls.find(({ name }) => name === 'startSession')?.args
  expect(asked).toMatchObject({ reason: '', ticketReference: 'INC-7' })
  expect(complaints).toEqual([])
  await page.context().close()
})

test('where the relay doesn’t say what it asks for, nothing has to be filled in, and what it refuses is told', async () => {
  const main = withDevices()
  main.refusals.set('availableTools', { code: 'timeout', message: 'The relay did not answer.' })
  const { page } = await openOperator(main)
  await page.getByRole('grid').waitFor()
  await press(page, '/')
  await page.keyboard.type('pack')
  await press(page, 'ArrowDown', 'ArrowDown', 'Enter')
  const dialog = page.getByRole('dialog', { name: 'Connect to Packing station 12' })
  await expect.poll(() => dialog.getByLabel('Reason').getAttribute('required')).toBe(null)
  main.refusals.set('startSession', { code: 'bad-request', message: 'A session with this device takes a ticket.' })
  await dialog.getByRole('button', { name: 'Ask to connect' }).click()
  await dialog.getByRole('alert').getByText('takes a ticket').waitFor()
  await dialog.getByLabel('Ticket').fill('INC-7')
  await press(page, 'Enter')
  await page.getByRole('heading', { name: 'Connecting to Packing station 12' }).waitFor()
  await page.context().close()
})

test('without a reason there is no word “Reason” either, with a ticket there is one', async () => {
  const [device] = believableDevices(Date.now())
  if (!device) throw new Error('no device')
  const tab = (change: object) => sampleTab(device, { name: 'notifying' }, { reason: '', ...change })
  const main = new FakeMain({ sessions: [tab({})], approvals: [{ ...sampleApproval('1'), reason: '', ticket: null }] })
  const { page } = await openOperator(main)
  await page.getByRole('tab').nth(1).click()
  await page.getByRole('heading', { name: /^Connecting to/ }).waitFor()
  expect(await page.getByRole('term').count()).toBe(0)
  main.set({ sessions: [tab({ ticketReference: 'INC-7' })] })
  await page.getByRole('definition').filter({ hasText: 'INC-7' }).waitFor()
  expect(await page.getByRole('term').allTextContents()).toEqual(['Ticket'])
  await page.getByRole('button', { name: /wait for your agreement/ }).click()
  const facts = page.getByRole('dialog').getByRole('term')
  await facts.first().waitFor()
  expect(await facts.allTextContents()).toEqual(['To', 'Answer within'])
  await press(page, 'Escape')
  const offered = { name: 'offered' as const, deviceName: 'Kiosk 1', scopes: ['view' as const], untilMs: 9e12 }
  main.set({ pass: { ...offered, reason: '' } })
  await facts.first().waitFor()
  expect(await facts.allTextContents()).not.toContain('Reason')
  await page.context().close()

  const kiosk = { phase: 'password', password: 'ABCD', untilMs: Date.now() + 60_000 } as const
  const request = { ...sampleRequest, reason: '', ticket: null }
  const consent = await openConsent({ name: 'kiosk', language: 'en', request, kiosk })
  await consent.page.getByText('ABCD').waitFor()
  expect(await consent.page.locator('dl').count()).toBe(0)
  await consent.show({ name: 'kiosk', language: 'en', request: { ...request, ticket: 'INC-7' }, kiosk })
  await consent.page.getByText('INC-7').waitFor()
  expect(await consent.page.locator('dt').allTextContents()).toEqual(['Ticket'])
  await consent.page.context().close()
})

test('Ctrl + W asks before it ends a session that lives', async () => {
  const device = sampleDevice(1)
  const tab = sampleTab(device, { name: 'active', scopes: ['view'], untilMs: Date.now() + 9e6, mode: 'view' })
  const main = new FakeMain({ sessions: [tab] })
  const { page } = await openOperator(main)
  await page.getByRole('tab').nth(1).click()
  await press(page, 'Control+w', 'Escape')
  expect(main.state.sessions).toHaveLength(1)
  await press(page, 'Control+w')
  await page.getByRole('button', { name: 'End and close' }).click()
  await page.getByRole('tab').nth(1).waitFor({ state: 'detached' })
  await page.context().close()
})

test('an unattended session that lost its connection says that the app comes back by itself, why it couldn’t yet, and when it gave up', async () => {
  const state = { name: 'lingering' as const, scopes: ['view' as const], untilMs: Date.now() + 800_000 }
  const lost = (comeBack: ComeBackState) => {
    const unattended = { sessionId: `ses_${'0'.repeat(26)}`, password: null, canResume: true, comeBack }
    return [sampleTab(sampleDevice(1), state, { unattended })]
  }
  const problem = 'The device is not connected to the relay.'
  const main = new FakeMain({ sessions: lost({ name: 'waiting', retryAtMs: Date.now() + 50_000, problem }) })
  const { page } = await openOperator(main)
  await page.getByRole('tab').nth(1).click()
  await page.getByText('This app comes back by itself').waitFor()
  for (const words of [/Next try in \d+ s/, problem, 'left to come back']) await page.getByText(words).waitFor()
  expect(await seriousViolations(page, 'section[role=status]')).toEqual([])
  await page.getByRole('button', { name: 'Come back now' }).click()
  await expect.poll(() => main.calls.at(-1)?.name).toBe('resumeSession')
  main.set({ sessions: lost({ name: 'stopped', problem: 'Too many wrong passwords.' }) })
  await page.getByText('Too many wrong passwords.').waitFor()
  await page.getByRole('button', { name: 'Come back', exact: true }).waitFor()
  await page.context().close()
})

test('what is typed ahead of the relay’s answer is done on what was searched for', async () => {
  const main = withDevices()
  const { page } = await openOperator(main)
  await page.getByRole('grid').waitFor()
  await press(page, '/')
  await page.keyboard.type('lena')
  await press(page, 'Enter')
  await page.getByRole('dialog', { name: 'Connect to MacBook of Lena Brandt' }).waitFor()
  await press(page, 'Escape')
  await page.getByRole('radio', { name: 'Online' }).click()
  await page.getByRole('searchbox').fill('front desk')
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  await page.getByRole('searchbox').fill('zebra')
  await page.getByRole('heading', { name: 'Nothing matches “zebra”' }).waitFor()
  await page.getByRole('button', { name: 'Clear the search' }).click()
  await expect.poll(() => page.getByRole('row').count()).toBe(7)
  await page.context().close()
})

const XSS = [
  '<img src=x onerror=alert(1)>',
  '"><script>alert(1)</script>',
  'javascript:alert(1)',
  '<svg/onload=alert(1)>',
  '{{constructor.constructor("alert(1)")()}}',
  '<style>*{display:none}</style>',
  '<a href="https://evil.example">click</a>',
  '&lt;b&gt;',
]

test('A110 whatever strangers write is shown as text in every view', async () => {
  const devices = XSS.map((name, index) =>
    sampleDevice(index, { name, facts: { hostname: `h${name}`, osName: name, platform: 'fake', agentVersion: name } }),
  )
  const states: SessionState[] = [
    { name: 'notifying' },
    { name: 'closed', reason: 'agent-failed' },
    { name: 'active', scopes: ['view', 'control'], untilMs: 9e12, mode: 'control' },
  ]
  const sessions = states.flatMap((state, index) => {
    const device = devices[index]
    const error = state.name === 'closed' ? { code: 'internal' as const, message: XSS.join(' ') } : null
    return device ? [sampleTab(device, state, { reason: XSS.join(' '), error })] : []
  })
  const main = new FakeMain({
    devices: { error: null, devices },
    link: { name: 'interrupted', message: XSS.join(' '), retryAtMs: Date.now() + 60_000 },
    sessions,
  })
  const { page, complaints, requests } = await openOperator(main)
  for (const name of XSS) await page.getByRole('row').filter({ hasText: name }).first().waitFor()
  main.set({ link: { name: 'online', clock: `The clock is wrong. ${XSS.join(' ')}` } })
  await page.getByText('The clock is wrong.').waitFor()
  for (const [index] of sessions.entries())
    await page
      .getByRole('tab')
      .nth(index + 1)
      .click()
  await press(page, 'Control+k')
  await page.getByRole('option').filter({ hasText: XSS[4] }).first().waitFor()
  expect(await page.locator('#root img, #root script, #root style, #root a').count()).toBe(0)
  expect(requests).toHaveLength(3)
  expect(complaints).toEqual([])
  await page.context().close()

  const hostile = { ...sampleRequest, reason: XSS.join(' '), ticket: XSS[0] ?? '' }
  const request = {
    ...hostile,
    operator: { ...user, name: XSS[1] ?? '' },
    organisation: { ...sampleRequest.organisation, name: XSS[3] ?? '' },
  }
  const consent = await openConsent({ ...asking(0), request })
  await consent.page.getByText(XSS.join(' ')).waitFor()
  await consent.show({ ...BANNER, request })
  await consent.page.getByText(`${XSS[1]} from`).waitFor()
  expect(await consent.page.locator('#root img, #root script, #root style, #root a').count()).toBe(0)
  expect(consent.requests).toHaveLength(3)
  expect(consent.complaints).toEqual([])
  await consent.page.context().close()
})

test('the question is said to be painted, stands for No, and loads with three requests', async () => {
  const { page, calls, requests, complaints } = await openConsent(asking(0))
  const dialog = page.getByRole('alertdialog', {
    name: /Amira Haddad from Northwind Traders wants to connect to this computer/,
  })
  await dialog.waitFor()
  await expect.poll(() => calls).toEqual(['state', 'keyboard true', 'painted'])
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe('No')
  await press(page, 'Escape')
  await expect.poll(() => calls).toContain('answer {"accept":false}')
  expect(requests).toHaveLength(3)
  expect(complaints).toEqual([])
  await page.context().close()
})

test('A59 buttons are dead until the dialog is armed, and a script’s click is nobody’s answer', async () => {
  const state = asking(60_000)
  const { page, calls, show } = await openConsent(state)
  const yes = page.getByRole('button', { name: 'Yes, allow' })
  await yes.waitFor()
  expect(await yes.isDisabled()).toBe(true)
  await yes.click({ force: true })
  await press(page, 'Escape', 'Enter', 'Space')
  await show({ ...state, armedAtMs: Date.now() })
  await expect.poll(() => yes.isEnabled()).toBe(true)
  await yes.evaluate(button => (button as HTMLButtonElement).click())
  await page.evaluate(() => document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' })))
  expect(calls.filter(call => call.startsWith('answer'))).toEqual([])
  await yes.click()
  await expect
    .poll(() => calls.filter(call => call.startsWith('answer')))
    .toEqual(['answer {"accept":true,"scopes":["view","control"],"number":null,"language":"en"}'])
  await page.context().close()
})

test('the banner names who is there, and says why it is over', async () => {
  const { page, calls, show } = await openConsent({ name: 'waiting', language: 'en' })
  await show({ ...BANNER, linkUp: false })
  await page.getByText('Amira Haddad from Northwind Traders').waitFor()
  await page.getByText('Connection interrupted').waitFor()
  await page.getByText(/since \d{1,2}:\d{2}/).waitFor()
  await page.getByRole('button', { name: 'End' }).click()
  await expect.poll(() => calls).toContain('end')
  await show({ name: 'over', language: 'en', request: sampleRequest, reason: 'user-ended' })
  await page.getByText('You ended the help.').waitFor()
  expect(await page.getByRole('button').count()).toBe(0)
  await page.context().close()
})

test('the banner marks what is recorded, and a press on it isn’t lost to something new', async () => {
  const { page, calls, show } = await openConsent({ name: 'waiting', language: 'en' })
  await show({ ...BANNER, isRecording: true })
  await page.getByText('Recording commands and their output').waitFor()
  await page.getByRole('button', { name: 'Pause' }).hover()
  await page.mouse.down()
  await show(BANNER)
  await page.mouse.up()
  await expect.poll(() => calls).toContain('pause')
  await expect.poll(() => page.getByText('Recording commands and their output').count()).toBe(0)
  await page.context().close()
})

test('the banner names everybody who sees what is done, in full', async () => {
  const { page, show } = await openConsent({ name: 'waiting', language: 'en' })
  await page.setViewportSize({ width: 960, height: 64 })
  await show({ ...BANNER, isRecording: true, watchers: ['Rosa Lindt'] })
  const live = page.getByText('Rosa Lindt watches too')
  await live.waitFor()
  expect(await live.evaluate(line => line.scrollWidth <= line.clientWidth)).toBe(true)
  if (process.env.HANDHOLD_SHOTS) await page.screenshot({ path: `${process.env.HANDHOLD_SHOTS}/banner-watched.png` })
  await show({ ...BANNER, isRecording: true })
  await expect.poll(() => page.getByText('watches too').count()).toBe(0)
  await page.context().close()
})

test('A62 what only takes away takes hold with the press: somebody else may move the pointer away before the release', async () => {
  const { page, calls, show } = await openConsent({ name: 'waiting', language: 'en' })
  for (const [name, call] of [
    ['Pause', 'pause'],
    ['Take back control', 'takeBack'],
    ['End', 'end'],
  ] as const) {
    await show({ ...BANNER, scopes: ['view', 'control'], sinceMs: calls.length })
    await page.getByRole('button', { name, exact: true }).hover()
    await page.mouse.down()
    await page.mouse.move(2, 2)
    await page.mouse.up()
    await expect.poll(() => calls.filter(said => said.startsWith(call)).length).toBe(1)
  }
  // And once for each press; the end of a pause wants the whole click.
  await show({ ...BANNER, isPaused: true })
  await page.getByRole('button', { name: 'Resume' }).hover()
  await page.mouse.down()
  await page.mouse.move(2, 2)
  await page.mouse.up()
  await page.getByRole('button', { name: 'Resume' }).click()
  await show(BANNER)
  await page.getByRole('button', { name: 'Pause' }).click()
  await expect.poll(() => calls.filter(said => said.startsWith('pause')).length).toBe(3)
  await page.context().close()
})

test('A62 a press of the person’s own that no window heard takes hold too, once, and never gives anything', async () => {
  const { page, calls, show, pressAt } = await openConsent({ name: 'waiting', language: 'en' })
  await page.setViewportSize({ width: 960, height: 64 })
  await show({ ...BANNER, scopes: ['view', 'control'] })
  const middleOf = async (name: string) => {
    const { x, y, width, height } = await page.getByRole('button', { name, exact: true }).evaluate(button => {
      const { x, y, width, height } = button.getBoundingClientRect()
      return { x, y, width, height }
    })
    return { x: x + width / 2, y: y + height / 2 }
  }
  await pressAt(await middleOf('Pause'))
  await expect.poll(() => calls).toContain('pause')
  await show({ ...BANNER, isPaused: true })
  await pressAt(await middleOf('Resume'))
  await pressAt({ x: -5, y: 9_000 })
  await pressAt(await middleOf('End'))
  await expect.poll(() => calls).toContain('end')
  expect(calls.filter(said => said.startsWith('pause'))).toHaveLength(1)
  await page.context().close()
})

test('the chat that a press opens has the keyboard, also when it opens before the press is over', async () => {
  const { page, show, showChat } = await openConsent({ name: 'waiting', language: 'en' })
  await show(BANNER)
  await page.getByRole('button', { name: 'Chat' }).hover()
  await page.mouse.down()
  await showChat({ isOpen: true, unread: 0, isTyping: false, entries: [] })
  await page.mouse.up()
  const line = page.getByRole('textbox')
  await line.waitFor()
  await page.keyboard.type('ok')
  expect(await line.inputValue()).toBe('ok')
  await page.context().close()
})

test('A59 more is asked for beneath the banner, and answered there alone', async () => {
  const { page, calls, show } = await openConsent({ name: 'waiting', language: 'en' })
  await show({ ...BANNER, scopes: ['view'], further: further() })
  await page.getByText('asks for something more').waitFor()
  await page.getByRole('button', { name: 'End' }).waitFor()
  await page.getByRole('switch', { name: 'Type commands as an administrator' }).click()
  await page.getByRole('button', { name: 'Yes, allow' }).click()
  await expect
    .poll(() => calls)
    .toContain('answer {"accept":true,"scopes":["view","control"],"number":null,"language":"en"}')
  await show({ ...BANNER, scopes: ['view', 'control'] })
  await expect.poll(() => page.getByText('asks for something more').count()).toBe(0)
  await page.context().close()
})

test.each(LANGUAGES)('all that can be asked for is in sight at once, in %s', async language => {
  const scopes = [...SCOPES]
  for (const height of [740, 720]) {
    const { page } = await openConsent({
      ...{ ...asking(0), language, numbers: [27, 48, 81] },
      request: { ...sampleRequest, scopes },
    })
    await page.setViewportSize({ width: 720, height })
    await page.getByRole('switch').last().waitFor()
    expect(await page.getByRole('switch').count()).toBe(SCOPES.length - 1)
    expect(await page.locator('.what').evaluate(what => what.scrollHeight - what.clientHeight)).toBe(0)
    expect(await page.locator('.read-on').isVisible()).toBe(false)
    await page.context().close()
  }
})

test('A59 what doesn’t fit on the screen has to be read before there is a “yes”; “no” is there at once', async () => {
  const request = { ...sampleRequest, reason: 'Why '.repeat(50).trim(), scopes: [...SCOPES] }
  const { page, calls } = await openConsent({ ...asking(0), request })
  await page.setViewportSize({ width: 640, height: 480 })
  const more = page.getByRole('button', { name: 'more to read below' })
  const yes = page.getByRole('button', { name: 'Yes, allow' })
  await more.waitFor()
  await expect.poll(() => yes.isDisabled()).toBe(true)
  expect(await page.getByRole('button', { name: 'No', exact: true }).isEnabled()).toBe(true)
  await yes.click({ force: true })
  const last = page.getByRole('switch').last()
  // By key and by mouse, part after part.
  await more.focus()
  for (let part = 0; part < 20 && (await more.isVisible()); part++) {
    if (part % 2 === 0) await more.click()
    else await press(page, 'PageDown')
    await page.waitForTimeout(200)
  }
  expect(await last.evaluate(node => node.getBoundingClientRect().bottom <= innerHeight)).toBe(true)
  expect(calls.filter(call => call.startsWith('answer'))).toEqual([])
  await expect.poll(() => yes.isEnabled()).toBe(true)
  await yes.click()
  await expect.poll(() => calls.filter(call => call.startsWith('answer'))).toHaveLength(1)
  await page.context().close()
})

test('A61 tools go off with mouse and keyboard, which they need, come back as they were, and the person reads why', async () => {
  const { page, calls } = await openConsent({
    ...asking(0),
    request: { ...sampleRequest, scopes: ['view', 'control', 'shell', 'processes'] },
  })
  const control = page.getByRole('switch', { name: 'Use mouse and keyboard' })
  const shell = page.getByRole('switch', { name: 'Type commands' })
  const processes = page.getByRole('switch', { name: 'See and end all programs' })
  const areOn = async () => [await shell.isChecked(), await processes.isChecked()]
  await shell.click()
  await control.focus()
  await press(page, 'Space')
  expect([await areOn(), await processes.isDisabled()]).toEqual([[false, false], true])
  await page.getByText('needs mouse and keyboard').waitFor()
  await press(page, 'Space')
  expect(await areOn()).toEqual([false, true])
  expect(await page.getByText('needs mouse and keyboard').count()).toBe(0)
  await control.click()
  await page.getByRole('button', { name: 'Yes, allow' }).click()
  await expect
    .poll(() => calls.filter(call => call.startsWith('answer')))
    .toEqual(['answer {"accept":true,"scopes":["view"],"number":null,"language":"en"}'])
  await page.context().close()
})

test.each(LANGUAGES)('axe finds nothing serious in what the person sees (%s)', async language => {
  const states: ConsentState[] = [
    { ...asking(0), language },
    { ...asking(0), language, numbers: [27, 48, 81] },
    { ...asking(0), language, helpAskedAtMs: Date.now() },
    { name: 'notice', language, organisation: 'Example Ltd' },
    { name: 'help', language, help: { phase: 'idle' } },
    { name: 'help', language, help: { phase: 'code', code: '012345678', untilMs: Date.now() + 60_000 } },
    { ...BANNER, language },
    { ...BANNER, language, isPaused: true },
    { ...BANNER, language, isRecording: true, watchers: ['Rosa Lindt'] },
    { ...BANNER, language, further: further() },
    { name: 'over', language, request: sampleRequest, reason: 'operator-ended' },
  ]
  const { page, show } = await openConsent({ name: 'waiting', language })
  for (const state of states) {
    await show(state)
    // Buttons fade in; their colours are measured when they are there. The countdown goes on.
    await page.evaluate(() => {
      for (const animation of document.getAnimations())
        if (Number(animation.effect?.getComputedTiming().endTime) < 1_000) animation.finish()
    })
    expect([state.name, ...(await seriousViolations(page))]).toEqual([state.name])
  }
  await page.context().close()
})
