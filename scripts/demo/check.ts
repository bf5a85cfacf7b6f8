import { readFile } from 'node:fs/promises'
import { type Picture, savePng } from '../../testing/screenshot.ts'
import { waitFor } from '../../testing/wait-for.ts'
import type { Person } from '../../testing/world/person.ts'
import { cut, differenceOf, lumaOf } from '../../testing/world/pictures.ts'
import {
  measureInputToPixelMs,
  percentile,
  type Region,
  readReceivedLuma,
  similarity,
} from '../../testing/world/received-picture.ts'
import { type DemoWorld, outputFolder, saveScreens } from './world.ts'

export interface CheckTimings {
  readonly clickToConsentMs: number
  readonly acceptToFirstFrameMs: number
  /** The part of it in which both ends were connected and not yet proven to each other. */
  readonly proofMs: number
  readonly inputToPixelMs: { readonly p50: number; readonly p95: number }
  readonly endMs: number
}

/** Where the demo desktop's terminal is, in pixels of the device's display. */
const TERMINAL: Region = { x: 64, y: 100, width: 900, height: 420 }
const SAME_TEXT = 0.9
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal's control sequences begin with
const TERMINAL_SEQUENCE = /\u001b\[[?0-9;]*[A-Za-z]/g
const KEYS = 'thequickbrownfoxjumpsoverthelazydog'.split('')

/** The main job, once, as its users do it. Throws where anything doesn't happen. */
export async function runCheck(world: DemoWorld, say: (text: string) => void): Promise<CheckTimings> {
  const { operator, relay, person } = world
  await operator.signIn(relay.url, relay.administrator)
  say('signed in')

  const askedAtMs = await operator.requestSession('Printer on the second floor')
  const question = await person.waitForQuestion()
  const clickToConsentMs = question.seenAtMs - askedAtMs
  say(`the question is on the device's display after ${clickToConsentMs} ms`)
  await savePng(`${outputFolder}/consent.png`, cut(question.picture, question.window))

  const acceptedAtMs = await person.accept()
  const acceptToFirstFrameMs = Math.round((await operator.firstFrameAtMs()) - acceptedAtMs)
  const proofMs = await readProofMs()
  say(`accepted; first frame after ${acceptToFirstFrameMs} ms, of which the proof took ${proofMs} ms`)

  await typeAndSee(world, person)
  say('the typed text is in the terminal and in the received picture')
  const samples = await measureTyping(world, person)
  const inputToPixelMs = { p50: Math.round(percentile(samples, 0.5)), p95: Math.round(percentile(samples, 0.95)) }
  say(`key press to pixel: p50 ${inputToPixelMs.p50} ms, p95 ${inputToPixelMs.p95} ms of ${samples.length}`)
  await saveScreens(world)

  const endedAtMs = await operator.endSession()
  await operator.overTitle('You ended the session').waitFor({ timeout: 5_000 })
  const endMs = Date.now() - endedAtMs
  say(`ended after ${endMs} ms`)
  return { clickToConsentMs, acceptToFirstFrameMs, proofMs, inputToPixelMs, endMs }
}

/** The device's service says it once in each session. */
async function readProofMs(): Promise<number> {
  let proofMs: string | undefined
  await waitFor('the device to say how long the proof took', async () => {
    proofMs = /"proofMs":(\d+)/.exec(await readFile(`${outputFolder}/agent.log`, 'utf8'))?.[1]
    return proofMs !== undefined
  })
  return Number(proofMs)
}

/** Types a command; its output must be in the terminal's own log and, as pixels, in the picture that the operator received. */
async function typeAndSee({ operator, desktop }: DemoWorld, person: Person): Promise<void> {
  await operator.clickDevice(TERMINAL.x + 400, TERMINAL.y + 300)
  const before = await person.look()
  const words = 'seen from afar'
  await operator.page.keyboard.type(`echo ${words}\n`, { delay: 20 })
  await waitFor('the typed command to run in the terminal', async () => {
    const log = await readFile(desktop.terminalLog, 'utf8')
    return log
      .replace(TERMINAL_SEQUENCE, '')
      .split('\n')
      .some(line => line.trim() === words)
  })
  const { after, region } = await settledDifference(person, before)
  await waitFor('the text to be in the received picture', async () => {
    const received = await readReceivedLuma(operator.page, region)
    return similarity(received, lumaOf(after, region)) >= SAME_TEXT
  })
}

/** What changed in the terminal since `before`, once two looks in a row are the same. */
async function settledDifference(person: Person, before: Picture): Promise<{ after: Picture; region: Region }> {
  let last = await person.look()
  await waitFor('the terminal to be still', async () => {
    const next = await person.look()
    const isStill = differenceOf(last, next, TERMINAL) === undefined
    last = next
    return isStill
  })
  const region = differenceOf(before, last, TERMINAL)
  if (!region) throw new Error("the typed text didn't appear on the device's display")
  return { after: last, region }
}

async function measureTyping({ operator }: DemoWorld, person: Person): Promise<number[]> {
  const before = await person.look()
  await operator.page.keyboard.press('x')
  const { region } = await settledDifference(person, before)
  const row = { x: TERMINAL.x, y: region.y, width: TERMINAL.width, height: region.height }
  return measureInputToPixelMs(operator.page, row, KEYS)
}
