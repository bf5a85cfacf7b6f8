import { languageOf } from '#protocol/person/language.ts'
import type { Browser } from '../shell/chromium/browser.ts'
import { createChromiumShell } from '../shell/chromium/index.ts'
import { connectX } from '../shell/chromium/x11/connection.ts'
import { primaryMonitor } from '../shell/chromium/x11/monitors.ts'
import type { Resources } from '../shell/resources.ts'
import { openX11Frame } from './frame/x11-frame.ts'
import { everyHand } from './own-hand/own-hand.ts'
import { watchHands } from './own-hand/x11-hand.ts'
import type { Area } from './place.ts'
import { runConsent } from './run-consent.ts'
import { openServiceChannel } from './service-channel.ts'

/** The consent program on a browser that is starting already. Resolves with the exit code. */
export async function runInChromium(launched: Browser, resources: Resources): Promise<number> {
  const { env } = process
  const display = process.platform === 'linux' ? env.DISPLAY : undefined
  const shell = createChromiumShell({
    resources,
    env,
    launched,
    onRefused: (call, thrown) =>
      console.error(`refused: ${call}: ${thrown instanceof Error ? thrown.message : thrown}`),
  })
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void shell.quit())
  return runConsent({
    shell,
    channel: openServiceChannel(process),
    monitor: readMonitor(env.DISPLAY),
    language: languageOf(env.LC_ALL || env.LC_MESSAGES || env.LANG),
    hand: display ? watchHands(display) : Promise.resolve(everyHand),
    openFrame: display ? banner => openX11Frame(display, banner) : undefined,
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
  })
}

async function readMonitor(display: string | undefined): Promise<Area | undefined> {
  if (process.platform !== 'linux' || !display) return undefined
  try {
    const connection = await connectX(display)
    try {
      return await primaryMonitor(connection)
    } finally {
      connection.close()
    }
  } catch {
    return undefined
  }
}
