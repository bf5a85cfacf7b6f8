// The consent window inside Electron.

import { languageOf } from '#protocol/person/language.ts'
import { exitElectron, primaryWorkArea } from '../shell/electron/app.ts'
import { createElectronShell } from '../shell/electron/index.ts'
import type { OpenFrame } from './frame/frame.ts'
import { openX11Frame } from './frame/x11-frame.ts'
import { everyHand } from './own-hand/own-hand.ts'
import { watchHands } from './own-hand/x11-hand.ts'
import { runConsent } from './run-consent.ts'
import { openServiceChannel } from './service-channel.ts'

// Not awaited at the top level: Electron becomes ready only after this module has been evaluated, so it would wait for itself.
main().then(exitElectron, thrown => {
  console.error(thrown)
  exitElectron(1)
})

async function main(): Promise<number> {
  const channel = openServiceChannel(process)
  // One consent window per session: it must not hand its question to another instance.
  const shell = await createElectronShell({ isSingle: false })
  if (shell === undefined) return 1
  const monitor = Promise.resolve(primaryWorkArea())
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }
  const { DISPLAY, LC_ALL, LC_MESSAGES, LANG } = process.env
  const display = process.platform === 'linux' ? DISPLAY : undefined
  const hand = display ? watchHands(display) : Promise.resolve(everyHand)
  const openFrame: OpenFrame | undefined = display ? banner => openX11Frame(display, banner) : undefined
  const language = languageOf(LC_ALL || LC_MESSAGES || LANG || Intl.DateTimeFormat().resolvedOptions().locale)
  return runConsent({ shell, channel, monitor, clock, language, hand, openFrame })
}
