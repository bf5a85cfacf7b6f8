import { linuxPlatform } from '../../agent/platform/linux/index.ts'
import { type NestedDisplay, startNestedDisplay } from '../../testing/nested-display.ts'
import { startWindowManager } from '../../testing/window-manager.ts'
import { startDeviceProgram } from '../../testing/world/device-program.ts'
import { OperatorPage } from '../../testing/world/operator-page.ts'
import { startOperatorProgram } from '../../testing/world/operator-program.ts'
import { setForOrganisation } from '../../testing/world/organisation-settings.ts'
import { Person } from '../../testing/world/person.ts'
import { startRelayProgram } from '../../testing/world/relay-program.ts'
import { startXDisplay } from '../../testing/x-display.ts'
import { headlessBrowser } from './browser.ts'
import { Closers, type Contender, DEVICE_SIZE } from './contender.ts'
import { type CountedWindow, countReceived, showAtNativeSize } from './operator-window.ts'
import { childrenOf } from './usage.ts'

const PICTURE = 'canvas[data-testid="picture"], video'
const CONNECT_TIMEOUT_MS = 20_000

/**
 * The real relay, agent and operator window with one session, as a person at the device has it: with the banner, and straight. It begins without the question:
 * only hardware answers that, a display with hardware is one inside of another, and that is slower at what it paints than the display that the peers have.
 */
export async function openHandhold(): Promise<Contender> {
  const firstFrameMs = await attendedFirstFrameMs()
  const closers = new Closers()
  try {
    const display = closers.add(await startXDisplay(DEVICE_SIZE))
    const { relay, device, operator, page } = await openWorld(closers, display.name)
    await countReceived(operator.page)
    await setForOrganisation(relay, { skipConsent: true })
    await page.requestSession('Screen bench', { unasked: true })
    await page.firstFrameAtMs(CONNECT_TIMEOUT_MS)
    await showAtNativeSize(operator.page, PICTURE, DEVICE_SIZE)
    const children = await childrenOf(device.pid)
    const childOf = (program: string) => {
      const child = children.find(({ commandLine }) => commandLine.includes(program))
      if (!child) throw new Error(`the session has no process of ${program}`)
      return child.pid
    }
    return {
      display: display.name,
      page: operator.page,
      picture: PICTURE,
      firstFrameMs,
      groups: {
        host: { roots: [childOf('agent/host.js')] },
        service: { roots: [device.pid], isAlone: true },
        consent: { roots: [childOf('main/consent.js')] },
        xServer: { roots: [display.pid] },
        viewer: { roots: [operator.pid] },
        relay: { roots: [relay.pid] },
      },
      receivedBytes: () => operator.page.evaluate(() => (window as unknown as CountedWindow).receivedBytes()),
      stop: () => closers.stop(),
    }
  } catch (thrown) {
    await closers.stop()
    throw thrown
  }
}

/** From the "Yes" of the person at a device to the picture. */
async function attendedFirstFrameMs(): Promise<number> {
  const closers = new Closers()
  try {
    const display = closers.add(await startNestedDisplay(DEVICE_SIZE))
    const { page } = await openWorld(closers, display.name)
    await page.requestSession('Screen bench')
    const acceptedAtMs = await acceptAt(display, page)
    return (await page.firstFrameAtMs(CONNECT_TIMEOUT_MS)) - acceptedAtMs
  } finally {
    await closers.stop()
  }
}

async function openWorld(closers: Closers, display: string) {
  closers.add(await startWindowManager(display))
  const relay = closers.add(await startRelayProgram())
  const enrolmentToken = await relay.mintEnrolmentToken()
  const device = closers.add(
    await startDeviceProgram({ relayUrl: relay.url, enrolmentToken, display, withoutConsent: ['skip-consent'] }),
  )
  const chromium = closers.add(await headlessBrowser())
  const operator = closers.add(await startOperatorProgram({ display, chromium: chromium.path }))
  const page = new OperatorPage(operator.page)
  await page.signIn(relay.url, relay.administrator)
  return { relay, device, operator, page }
}

/** The moment of the yes, epoch ms. The person leaves then: their eyes are a client of the display as well. */
async function acceptAt(display: NestedDisplay, operator: OperatorPage): Promise<number> {
  const desktop = await linuxPlatform.openDesktop({ address: display.name })
  const hands = await linuxPlatform.openDesktop({ address: display.hand })
  try {
    const person = new Person(display.name, desktop, hands.input)
    person.listenTo(operator)
    return await person.accept()
  } finally {
    await hands.close()
    await desktop.close()
  }
}
