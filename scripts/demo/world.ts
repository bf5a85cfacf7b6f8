import { appendFileSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { linuxPlatform } from '../../agent/platform/linux/index.ts'
import type { Desktop } from '../../agent/platform/platform.ts'
import { type DemoDesktop, startDemoDesktop } from '../../testing/demo-desktop.ts'
import { savePng, takePicture } from '../../testing/screenshot.ts'
import { startDeviceProgram } from '../../testing/world/device-program.ts'
import { OperatorPage } from '../../testing/world/operator-page.ts'
import { startOperatorProgram } from '../../testing/world/operator-program.ts'
import { Person } from '../../testing/world/person.ts'
import { cut } from '../../testing/world/pictures.ts'
import { type RelayProgram, startRelayProgram } from '../../testing/world/relay-program.ts'
import { root } from '../run-step.ts'
import { type DemoDisplays, openDisplays } from './displays.ts'

export const outputFolder = `${root}demo-output`

export interface DemoWorld {
  readonly displays: DemoDisplays
  readonly relay: RelayProgram
  readonly operator: OperatorPage
  readonly cdpPort: number
  readonly desktop: DemoDesktop
  /** The device's display as the person in front of it has it. */
  readonly deviceDesktop: Desktop
  readonly operatorDesktop: Desktop
  readonly person: Person
  stop(): Promise<void>
}

/** The logs of the programs, each a file of its own. */
const logTo = (name: string) => (line: string) => appendFileSync(`${outputFolder}/${name}.log`, `${line}\n`)

/** Relay, device and operator app, each a process of its own; the operator window shows the sign-in. */
export async function openDemoWorld(options: {
  cdpPort: number | undefined
  /** A program plays the person at the device. */
  needsHands: boolean
  say: (text: string) => void
}): Promise<DemoWorld> {
  const { say, cdpPort } = options
  const closers: Array<() => Promise<unknown>> = []
  const stop = async () => {
    for (const close of closers.splice(0).reverse())
      await close().catch(thrown => say(`while stopping: ${String(thrown)}`))
  }
  const keep = <T extends { stop(): Promise<unknown> }>(part: T): T => {
    closers.push(() => part.stop())
    return part
  }
  const keepDesktop = (part: Desktop): Desktop => {
    closers.push(() => part.close())
    return part
  }
  try {
    await rm(outputFolder, { recursive: true, force: true })
    await mkdir(outputFolder, { recursive: true })
    const displays = keep(await openDisplays(options.needsHands))
    say(`displays: ${displays.description}`)
    const desktop = keep(await startDemoDesktop(displays.device))
    const deviceDesktop = keepDesktop(await linuxPlatform.openDesktop({ address: displays.device }))
    const operatorDesktop = keepDesktop(await linuxPlatform.openDesktop({ address: displays.operator }))
    const hands = keepDesktop(await linuxPlatform.openDesktop({ address: displays.hand }))
    const person = new Person(displays.device, deviceDesktop, hands.input)
    const relay = keep(await startRelayProgram({ onLine: logTo('relay') }))
    say(`relay: ${relay.url}, database in a temporary folder`)
    const enrolmentToken = await relay.mintEnrolmentToken()
    keep(
      await startDeviceProgram({
        relayUrl: relay.url,
        enrolmentToken,
        display: displays.device,
        onLine: logTo('agent'),
      }),
    )
    say('device: enrolled and online')
    const program = keep(
      await startOperatorProgram({
        display: displays.operator,
        onLine: logTo('operator'),
        ...(cdpPort ? { cdpPort } : {}),
      }),
    )
    say("operator app: fell back to the installed Chromium; the demo doesn't need Electron's binary")
    const operator = new OperatorPage(program.page)
    person.listenTo(operator)
    return {
      displays,
      person,
      relay,
      operator,
      cdpPort: program.cdpPort,
      desktop,
      deviceDesktop,
      operatorDesktop,
      stop,
    }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/** What both displays show now, as `operator.png` and `device.png`; and `consent.png` while a question is open. */
export async function saveScreens({ operatorDesktop, deviceDesktop, person }: DemoWorld): Promise<void> {
  await savePng(`${outputFolder}/operator.png`, await takePicture(operatorDesktop))
  const device = await takePicture(deviceDesktop)
  await savePng(`${outputFolder}/device.png`, device)
  const question = await person.questionIn(device)
  if (question) await savePng(`${outputFolder}/consent.png`, cut(device, question))
}
