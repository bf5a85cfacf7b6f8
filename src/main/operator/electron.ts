// The operator app in Electron: the product.
import { exitElectron, userDataFolder } from '../shell/electron/app.ts'
import { createElectronShell } from '../shell/electron/index.ts'
import { startOperatorApp } from './operator-app.ts'
import { APP_VERSION } from './version.ts'

async function main(): Promise<void> {
  let focusWindow: () => void = () => undefined
  const shell = await createElectronShell({
    onRefused: refusal => console.error(`refused: ${JSON.stringify(refusal)}`),
    onSecondStart: () => focusWindow(),
  })
  if (shell === undefined) return exitElectron(0)
  const app = await startOperatorApp(shell, { version: APP_VERSION, userDataDir: userDataFolder() })
  focusWindow = app.focus
  await app.closed
}

// Electron becomes ready only after this module has been evaluated: nothing here may wait for it at the top level.
main().catch(thrown => {
  console.error(thrown)
  exitElectron(1)
})
