// The operator app in Electron: the product.
import { readProxySetting } from '../settings/proxy-setting.ts'
import { exitElectron, userDataFolder } from '../shell/electron/app.ts'
import { createElectronShell } from '../shell/electron/index.ts'
import { type OperatorApp, startOperatorApp } from './operator-app.ts'
import { APP_VERSION } from './version.ts'

async function main(): Promise<void> {
  let app: OperatorApp | undefined
  const early: Parameters<OperatorApp['open']>[] = []
  const shell = await createElectronShell({
    onRefused: refusal => console.error(`refused: ${JSON.stringify(refusal)}`),
    onOpened: (...opened) => {
      app?.focus()
      if (app) app.open(...opened)
      else early.push(opened)
    },
  })
  if (shell === undefined) return exitElectron(0)
  const args = process.argv.slice(1)
  const proxy = readProxySetting(process.env)
  app = await startOperatorApp(shell, { version: APP_VERSION, userDataDir: userDataFolder(), args, proxy })
  for (const opened of early) app.open(...opened)
  await app.closed
}

// Electron becomes ready only after this module has been evaluated: nothing here may wait for it at the top level.
main().catch(thrown => {
  console.error(thrown)
  exitElectron(1)
})
