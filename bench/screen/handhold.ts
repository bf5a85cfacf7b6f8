import { linuxPlatform } from '../../agent/platform/linux/index.ts'
import { type NestedDisplay, startNestedDisplay } from '../../testing/nested-display.ts'
import { startWindowManager } from '../../testing/window-manager.ts'
import { startDeviceProgram } from '../../testing/world/device-program.ts'
import { OperatorPage } from '../../testing/world/operator-page.ts'
import { startOperatorProgram } from '../../testing/world/operator-program.ts'
import { Person } from '../../testing/world/person.ts'
import { startRelayProgram } from '../../testing/world/relay-program.ts'
import { headlessBrowser } from './browser.ts'
import { Closers, type Contender, DEVICE_SIZE } from './contender.ts'
import { type CountedWindow, countReceived, showAtNativeSize } from './operator-window.ts'
import { childrenOf } from './usage.ts'

const PICTURE = 'canvas[data-testid="picture"], video'
const CONNECT_TIMEOUT_MS = 20_000

/** The real relay, agent and operator window with one session, accepted by a person at the device. */
export async function openHandhold(): Promise<Contender> {
  const closers = new Closers()
  try {
    const display = closers.add(await startNestedDisplay(DEVICE_SIZE))
    closers.add(await startWindowManager(display.name))
    const relay = closers.add(await startRelayProgram())
    const enrolmentToken = await relay.mintEnrolmentToken()
    const device = closers.add(await startDeviceProgram({ relayUrl: relay.url, enrolmentToken, display: display.name }))
    const chromium = closers.add(await headlessBrowser())
    const operator = closers.add(await startOperatorProgram({ display: display.name, chromium: chromium.path }))
    const page = new OperatorPage(operator.page)
    await countReceived(operator.page)
    await page.signIn(relay.url, relay.administrator)
    await page.requestSession('Screen bench')
    const acceptedAtMs = await acceptAt(display, page)
    const firstFrameMs = (await firstFrameAtMs(page)) - acceptedAtMs
    await showAtNativeSize(operator.page, PICTURE, DEVICE_SIZE)
    const children = await childrenOf(device.pid)
    const host = children.find(child => child.commandLine.includes('agent/host.js'))?.pid
    if (host === undefined) throw new Error('the session has no host process')
    return {
      display: display.name,
      page: operator.page,
      picture: PICTURE,
      firstFrameMs,
      groups: {
        host: { roots: [host] },
        service: { roots: [device.pid], isAlone: true },
        consent: { roots: children.map(child => child.pid).filter(pid => pid !== host) },
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

async function firstFrameAtMs({ page }: OperatorPage): Promise<number> {
  const picture = page.locator('[data-first-frame-ms]:visible').first()
  await picture.waitFor({ timeout: CONNECT_TIMEOUT_MS })
  return Number(await picture.getAttribute('data-first-frame-ms'))
}
