// The operator app in Electron: the product.
import { exitElectron, userDataFolder } from '../shell/electron/app.ts'
import { createElectronShell } from '../shell/electron/index.ts'
import { startOperatorApp } from './operator-app.ts'
import { APP_VERSION } from './version.ts'

let focusWindow: () => void = () => undefined
const shell = await createElectronShell({
  onRefused: refusal => console.error(`refused: ${JSON.stringify(refusal)}`),
  onSecondStart: () => focusWindow(),
})
if (shell === undefined) exitElectron(0)
else {
  const app = await startOperatorApp(shell, { version: APP_VERSION, userDataDir: userDataFolder() })
  focusWindow = app.focus
  await app.closed
}
