import type { Desktop, InputSink } from '../../agent/platform/platform.ts'
import { type Picture, takePicture } from '../screenshot.ts'
import { waitFor } from '../wait-for.ts'
import { pointerPosition, visibleWindows } from '../x-facts.ts'
import { ACCENT, type Colour, DANGER, WARN } from './consent-colours.ts'
import { isSwitchOn, quietButtonsLeftOf, switchesIn } from './consent-parts.ts'
import { hasColour, longestRun } from './picture-runs.ts'
import { boundsOf } from './pictures.ts'
import type { Region } from './received-picture.ts'

const BUTTON = { width: 60, height: 30 }
const TIME_BAR_WIDTH = 200
/** The banner alone is lower. */
const CHAT_LEAST_HEIGHT = 200
/** Of the banner's border. */
const BORDER_WIDTH = 300
/** The banner's border has the same colour and is thinner. */
const TIME_BAR_LEAST_HEIGHT = 4
const GAP_BETWEEN_BUTTONS = 16
const NO_BESIDE_NUMBERS = 140
/** From the middle of a button to below its numeral. */
const NUMERAL_HALF = 16

export interface SeenQuestion {
  /** The dialog's window. */
  readonly window: Region
  /** Where "Yes" stands, pressed or not. */
  readonly yes: Region
  /** When its picture was read, epoch ms. */
  readonly seenAtMs: number
  /** The whole display at that moment. */
  readonly picture: Picture
}

/** The person in front of a device: looks at its real display, moves its pointer, clicks and types. */
export class Person {
  readonly #display: string
  readonly #desktop: Desktop
  readonly #hand: InputSink
  /** The number that somebody tells them on the telephone, as its place among the three. */
  #telephone: (() => Promise<number>) | undefined

  /** `hand` is what presses: a display of its own where the answer of a question is wanted, for programs' presses don't count there. */
  constructor(display: string, desktop: Desktop, hand: InputSink) {
    this.#display = display
    this.#desktop = desktop
    this.#hand = hand
  }

  /** Whom they have on the telephone; a question with numbers is answered with what is heard there. */
  listenTo(operator: { numberPlace(): Promise<number> }): void {
    this.#telephone = () => operator.numberPlace()
  }

  look(): Promise<Picture> {
    return takePicture(this.#desktop)
  }

  pointer(): Promise<{ x: number; y: number }> {
    return pointerPosition(this.#display)
  }

  /** Waits until the question can be read. */
  async waitForQuestion(timeoutMs = 15_000): Promise<SeenQuestion> {
    const first = await this.#watch('the question', timeoutMs, findTimeBar)
    let { picture, found } = first
    let window = await this.#windowAround(found)
    // It was on its way to its place: where the bar stood then, no window may be any more.
    await waitFor('the question’s window', async () => {
      if (window) return true
      picture = await this.look()
      found = findTimeBar(picture) ?? found
      window = await this.#windowAround(found)
      return window !== undefined
    })
    if (!window) throw new Error('the question is in no window')
    return { window, yes: yesAbove(found), seenAtMs: first.seenAtMs, picture }
  }

  /** The window of a question that stands in a picture of this display, or undefined. */
  async questionIn(picture: Picture): Promise<Region | undefined> {
    const bar = findTimeBar(picture)
    return bar && this.#windowAround(bar)
  }

  /** Waits until the buttons can be pressed. */
  async waitForButtons(timeoutMs = 15_000): Promise<{ yes: Region; no: Region }> {
    let { found } = await this.#watch('the armed "Yes"', timeoutMs, findYesButtons)
    // The first picture may show some of the numbers only, and the place of one among those is another's.
    await waitFor('all the numbers to be drawn', async () => {
      const before = found.length
      found = findYesButtons(await this.look()) ?? found
      return found.length === before
    })
    const [first = found[0]] = found
    const yes = found[this.#telephone && found.length > 1 ? await this.#telephone() : 0] ?? first
    return { yes, no: noBeside(found) }
  }

  /** Resolves with the moment of the click, epoch ms. */
  async accept(): Promise<number> {
    return this.click((await this.waitForButtons()).yes)
  }

  async decline(): Promise<number> {
    return this.click((await this.waitForButtons()).no)
  }

  async endFromBanner(): Promise<number> {
    return this.click((await this.#banner()).end)
  }

  /** "Pause", or "Resume", which stands in the same place. */
  async pauseFromBanner(): Promise<number> {
    return this.#clickQuiet(0)
  }

  /** Only while there is something to take back. */
  async takeBackFromBanner(): Promise<number> {
    return this.#clickQuiet(1)
  }

  /** Waits until the banner says that the session is paused. */
  async waitForPausedBanner(): Promise<void> {
    await this.#watch('the paused banner', 15_000, picture =>
      [0, 1, 2].some(y => longestRun(picture, y, WARN).length >= BORDER_WIDTH) ? true : undefined,
    )
  }

  /** Switches these scopes of the question off: by their places in the list, the first that can be switched is 0. */
  async switchScopes(places: readonly number[]): Promise<void> {
    const count = Math.max(...places) + 1
    const { found } = await this.#watch('the switches', 15_000, picture => {
      const switches = switchesIn(picture)
      return switches.length >= count ? switches : undefined
    })
    for (const place of places) {
      const { x, y } = found[place] as Region
      await this.click(found[place] as Region)
      // One after the other, and each with a look at what it did, as people do.
      await waitFor('the switch to be off', async () => !isSwitchOn(await this.look(), x, y), 10_000)
    }
  }

  /** Opens the chat under the banner, and stands in its line. */
  async openChat(): Promise<void> {
    await this.#clickQuiet(2)
    await waitFor('the chat to open', async () =>
      (await visibleWindows(this.#display)).some(
        ({ width, height }) => width > BORDER_WIDTH && height > CHAT_LEAST_HEIGHT,
      ),
    )
  }

  /** Presses these keys, one after the other, in whatever window they are in. */
  type(codes: readonly string[]): void {
    for (const code of codes) {
      this.#hand.setKey(code, true)
      this.#hand.setKey(code, false)
    }
  }

  /** Alt-F4, as the window manager takes it. */
  closeFrontWindow(): void {
    const input = this.#hand
    input.setKey('AltLeft', true)
    input.setKey('F4', true)
    input.setKey('F4', false)
    input.setKey('AltLeft', false)
  }

  /** Waits until no window stands on the display. */
  async waitForNoWindow(): Promise<void> {
    await waitFor('every window of the device to close', async () =>
      (await visibleWindows(this.#display)).every(isOffScreen),
    )
  }

  /** Clicks the middle of a region with the display's own pointer. Resolves with the moment of the press, epoch ms. */
  async click({ x, y, width, height }: Region): Promise<number> {
    const input = this.#hand
    input.movePointer(Math.round(x + width / 2), Math.round(y + height / 2))
    input.setButton(0, true)
    const clickedAtMs = Date.now()
    input.setButton(0, false)
    return clickedAtMs
  }

  async #clickQuiet(place: number): Promise<number> {
    const { quiet } = await this.#banner(place + 1)
    return this.click(quiet[place] as Region)
  }

  /** The banner's buttons once it has that many beside "End". */
  async #banner(quietCount = 0): Promise<{ end: Region; quiet: Region[] }> {
    const { found } = await this.#watch('the banner’s buttons', 15_000, picture => {
      const end = findButton(picture, DANGER)
      const quiet = end ? quietButtonsLeftOf(picture, end) : []
      return end && quiet.length >= quietCount ? { end, quiet } : undefined
    })
    return found
  }

  async #windowAround(place: Region): Promise<Region | undefined> {
    return (await visibleWindows(this.#display)).findLast(candidate => contains(candidate, place))
  }

  /** Looks at each new picture until `find` finds something. */
  async #watch<T>(what: string, timeoutMs: number, find: (picture: Picture) => T | undefined) {
    const display = (await this.#desktop.displays())[0]
    if (!display) throw new Error('the device has no display')
    // A button under the pointer has another colour.
    this.#hand.movePointer(display.bounds.x, display.bounds.y + display.bounds.height - 1)
    const abort = new AbortController()
    const timer = setTimeout(() => abort.abort(), timeoutMs)
    let result: { picture: Picture; found: T; seenAtMs: number } | undefined
    const options = { displayId: display.id, maxFramesPerSecond: 30, signal: abort.signal }
    await this.#desktop.screen.capture(options, ({ surface }) => {
      const seenAtMs = Date.now()
      const found = result ? undefined : find(surface)
      if (found === undefined) return
      const { width, height, pixels } = surface
      result = { picture: { width, height, pixels: pixels.slice() }, found, seenAtMs }
      abort.abort()
    })
    clearTimeout(timer)
    if (!result) throw new Error(`${what} was not seen on ${this.#display} within ${timeoutMs} ms`)
    return result
  }
}

/** The bar of the time that is left: the question's widest run of the accent. */
function findTimeBar(picture: Picture): Region | undefined {
  for (let y = 0; y < picture.height; y += 3) {
    const run = longestRun(picture, y, ACCENT)
    if (run.length >= TIME_BAR_WIDTH && thicknessAt(picture, run.start + 8, y, ACCENT) >= TIME_BAR_LEAST_HEIGHT)
      return { x: run.start, y, width: run.length, height: 1 }
  }
  return undefined
}

/** Rows of one colour above and below a pixel, itself included. */
function thicknessAt(picture: Picture, x: number, y: number, colour: Colour): number {
  let rows = 0
  for (let row = y; hasColour(picture, x, row, colour); row--) rows++
  for (let row = y + 1; hasColour(picture, x, row, colour); row++) rows++
  return rows
}

/** Before it is armed "Yes" is too pale to be found by its colour; it is the right half above the bar. */
function yesAbove(bar: Region): Region {
  const width = (bar.width - GAP_BETWEEN_BUTTONS) / 2
  return { x: Math.round(bar.x + width + GAP_BETWEEN_BUTTONS), y: bar.y - 60, width: Math.round(width), height: 28 }
}

/** "Yes", or the numbers that mean it, from left to right: what has the accent's colour in one row of the question. */
function findYesButtons(picture: Picture): [Region, ...Region[]] | undefined {
  const first = findButton(picture, ACCENT)
  if (!first) return undefined
  const middle = Math.round(first.y + first.height / 2) + NUMERAL_HALF
  const buttons: Region[] = []
  for (let x = 0; x < picture.width; x++) {
    const start = x
    while (hasColour(picture, x, middle, ACCENT)) x++
    if (x - start >= BUTTON.width) buttons.push({ ...first, x: start, width: x - start })
  }
  const [left = first, ...others] = buttons
  return [left, ...others]
}

/** "No" stands left of them: as wide as a single "Yes", narrower beside three numbers. */
function noBeside(yes: readonly Region[]): Region {
  const [{ x, y, width, height } = { x: 0, y: 0, width: 0, height: 0 }] = yes
  const ownWidth = yes.length > 1 ? NO_BESIDE_NUMBERS : width
  return { x: x - GAP_BETWEEN_BUTTONS - ownWidth, y, width: ownWidth, height }
}

function findButton(picture: Picture, colour: Colour): Region | undefined {
  for (let y = 0; y < picture.height; y += 8) {
    const run = longestRun(picture, y, colour)
    if (run.length < BUTTON.width) continue
    const around = { x: run.start, y: Math.max(0, y - 70), width: run.length, height: 140 }
    const bounds = boundsOf(
      picture,
      around,
      (px, py) => hasColour(picture, px, py, colour) && isPartOfBlock(picture, px, py, colour),
    )
    // The ring around the button that has the focus is as tall, but no button.
    if (bounds && bounds.width >= BUTTON.width && bounds.height >= BUTTON.height) return bounds
  }
  return undefined
}

/** Tells a button from a bar or a border of the same colour, and from where two borders meet. */
function isPartOfBlock(picture: Picture, x: number, y: number, colour: Colour): boolean {
  const is = (dx: number, dy: number) => hasColour(picture, x + dx, y + dy, colour)
  return [-6, 6].some(dy => is(0, dy) && is(0, 2 * dy) && [-6, 6].some(dx => is(dx, 0) && is(dx, dy) && is(dx, 2 * dy)))
}

const contains = (outer: Region, inner: Region) =>
  inner.x >= outer.x && inner.x < outer.x + outer.width && inner.y >= outer.y && inner.y < outer.y + outer.height

const isOffScreen = ({ x, y, width, height }: Region) => x + width <= 0 || y + height <= 0 || width < 32
