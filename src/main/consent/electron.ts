// The consent window inside Electron.
import { exitElectron, primaryWorkArea } from '../shell/electron/app.ts'
import { createElectronShell } from '../shell/electron/index.ts'
import { runConsent } from './run-consent.ts'
import { openServiceChannel } from './service-channel.ts'

const channel = openServiceChannel(process)
// One consent window per session: it must not hand its question to another instance.
const shell = await createElectronShell({ isSingle: false })
if (shell === undefined) exitElectron(1)
else {
  const code = await runConsent({
    shell,
    channel,
    monitor: Promise.resolve(primaryWorkArea()),
    clock: { nowMs: () => Date.now(), monotonicMs: () => performance.now() },
  })
  exitElectron(code)
}
