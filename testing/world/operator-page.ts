import type { Locator, Page } from 'playwright'
import { PICTURE } from './received-picture.ts'
import type { Administrator } from './relay-program.ts'

const exact = { exact: true }

/** What an operator does in the operator window, by the words that they read there. */
export class OperatorPage {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
  }

  async signIn(relayUrl: string, { email, password }: Pick<Administrator, 'email' | 'password'>): Promise<void> {
    await this.page.getByLabel('Relay address').fill(relayUrl)
    await this.page.getByLabel('E-mail').fill(email)
    await this.page.getByLabel('Password', exact).fill(password)
    await this.page.getByRole('button', { name: 'Sign in' }).click()
  }

  deviceRow(name?: string): Locator {
    const rows = this.page.getByRole('row').filter({
      has: this.page.getByRole('button', { name: /^(Connect to|Join the session with|Open the session with)/ }),
    })
    return name === undefined ? rows : rows.filter({ hasText: name })
  }

  /** Opens the request dialog of the first device that is online and has no session, fills it in and returns at the click that sends it, in epoch ms. */
  async requestSession(reason: string, { viewOnly = false, tools = false, unasked = false } = {}): Promise<number> {
    const free = this.deviceRow()
      .filter({ hasText: 'Online' })
      .filter({ has: this.page.getByRole('button', { name: /^Connect to/ }) })
    await free
      .first()
      .getByRole('button', { name: /^Connect to/ })
      .click()
    await this.page.getByLabel('Reason').fill(reason)
    if (viewOnly) await this.page.getByRole('radio', { name: 'See only' }).click()
    if (tools) await this.page.getByLabel('Ask for tools too').check()
    if (unasked) await this.page.getByLabel('Tell the person, don’t ask them').check()
    await this.page.evaluate(() => {
      window.addEventListener('click', () => Object.assign(window, { clickedAtMs: Date.now() }), {
        capture: true,
        once: true,
      })
    })
    await this.page.getByRole('button', { name: unasked ? 'Connect without asking' : 'Ask to connect' }).click()
    return this.page.evaluate(() => (window as unknown as { clickedAtMs: number }).clickedAtMs)
  }

  /** Opens the unattended session of the first device that is online, with the password that the window shows. */
  async openUnattended(reason: string): Promise<void> {
    const { page } = this
    await this.deviceRow()
      .filter({ hasText: 'Online' })
      .first()
      .getByRole('button', { name: /^Connect to/ })
      .click()
    await page.getByLabel('Reason').fill(reason)
    await page.getByRole('radio', { name: 'Nobody is there' }).click()
    await page.getByRole('button', { name: 'Ask to connect' }).click()
    const password = (await page.getByTestId('password').textContent()) ?? ''
    await page.getByLabel('Enter it to open the session').fill(password)
    await page.getByRole('button', { name: 'Open the session' }).click()
  }

  /** The place of the number to read out among the three that the person sees. */
  async numberPlace(): Promise<number> {
    const number = this.page.locator('[data-testid=match]:visible')
    const choices = (await number.getAttribute('data-choices'))?.split(' ') ?? []
    return choices.indexOf((await number.textContent())?.trim() ?? '')
  }

  /** The session's picture that is in front. */
  get picture(): Locator {
    return this.page.locator(`${PICTURE}:visible`)
  }

  /** When the first picture of the visible session was there, epoch ms. */
  async firstFrameAtMs(timeoutMs = 20_000): Promise<number> {
    const picture = this.page.locator(`${PICTURE}[data-first-frame-ms]:visible`)
    await picture.waitFor({ timeout: timeoutMs })
    return Number(await picture.getAttribute('data-first-frame-ms'))
  }

  /** Clicks a point of the device's display in the received picture; that gives the picture the keyboard too. */
  async clickDevice(x: number, y: number): Promise<void> {
    const { left, top, scale } = await this.picture.evaluate((picture: HTMLCanvasElement) => {
      const box = picture.getBoundingClientRect()
      return { left: box.left, top: box.top, scale: box.width / picture.width }
    })
    await this.page.mouse.click(left + x * scale, top + y * scale)
  }

  /** Ends the visible session. Returns the moment of the click, epoch ms. */
  async endSession(): Promise<number> {
    const clickedAtMs = Date.now()
    await this.page.getByRole('button', { name: /^End session with/ }).click()
    return clickedAtMs
  }

  /** Opens a tool of the visible session from its menu. */
  async openTool(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Tools', exact: true }).click()
    await this.page.getByRole('menuitemradio', { name: new RegExp(`^${name}(?! of)`) }).click()
  }

  /** Asks the person for more in the visible session. */
  async askForMore(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'Ask for more' }).click()
    await this.page.getByRole('menuitem', { name, exact: true }).click()
  }

  /** Opens a shell that reads no file of its account's: what stands in root's on the machine that tests may take a minute. */
  async openPlainShell(): Promise<void> {
    await this.page.getByRole('button', { name: 'New shell', exact: true }).click()
    await this.page.getByRole('menuitem', { name: 'Open sh', exact: true }).click()
    await this.page.getByRole('button', { name: /^sh \d+$/, pressed: true }).waitFor()
  }

  /** Types in the shell that is shown. */
  async typeInShell(text: string): Promise<void> {
    await this.page.locator('[data-terminal] textarea').first().focus()
    for (const part of text.split(/(\n)/)) {
      if (part === '\n') await this.page.keyboard.press('Enter')
      else if (part !== '') await this.page.keyboard.type(part)
    }
  }

  async shellShows(text: string): Promise<void> {
    await this.page.locator('[data-terminal] .xterm-rows', { hasText: text }).first().waitFor()
  }

  /** The title of the visible session's last word: why it is over. */
  overTitle(title: string): Locator {
    return this.page.getByRole('heading', { name: title })
  }

  async showDevices(): Promise<void> {
    await this.page.getByRole('tab', { name: 'Devices' }).click()
  }

  /** Closes every session tab; a session that lives is ended. */
  async closeAllTabs(): Promise<void> {
    const close = this.page.getByRole('button', { name: /^Close the tab of/ })
    for (let open = await close.count(); open > 0; open = await close.count()) {
      await close.first().click()
      const gone = close.nth(open - 1).waitFor({ state: 'detached' })
      const confirm = this.page.getByRole('button', { name: 'End and close' })
      // A session that lives asks first; one that is over closes at once.
      await Promise.race([gone, confirm.click()])
      await gone
    }
  }

  /** R, G, B of one pixel of the received picture. */
  colourAt(x: number, y: number): Promise<[number, number, number]> {
    return this.picture.evaluate(
      (picture: HTMLCanvasElement, at) => {
        const canvas = new OffscreenCanvas(1, 1)
        const context = canvas.getContext('2d')
        if (!context) throw new Error('the window has no 2d canvas')
        context.drawImage(picture, at.x, at.y, 1, 1, 0, 0, 1, 1)
        const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data
        return [red, green, blue] as [number, number, number]
      },
      { x, y },
    )
  }
}
