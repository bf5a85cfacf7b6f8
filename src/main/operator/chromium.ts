import { parseArgs } from 'node:util'
import { readProxySetting } from '../settings/proxy-setting.ts'
import { configFolder } from '../shell/chromium/file-secrets.ts'
import { createChromiumShell } from '../shell/chromium/index.ts'
import { distFolder, resourcesIn } from '../shell/resources.ts'
import { ShellError } from '../shell/shell.ts'
import { startOperatorApp } from './operator-app.ts'
import { APP_VERSION } from './version.ts'

/** The operator app in an installed Chromium. Takes one access pass, as a file or a link. `--cdp PORT` opens the window's DevTools protocol on 127.0.0.1, for development. */
async function main(): Promise<void> {
  const { debugPort, args } = readArguments()
  const proxy = readProxySetting(process.env)
  const shell = createChromiumShell({
    resources: resourcesIn(distFolder()),
    env: process.env,
    onRefused: refusal => console.error(`refused: ${JSON.stringify(refusal)}`),
    ...(debugPort === undefined ? {} : { debugPort }),
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void shell.quit())
  const userDataDir = configFolder(process.platform, process.env)
  const { closed } = await startOperatorApp(shell, { version: APP_VERSION, userDataDir, args, proxy })
  console.log('handhold: the operator window is open')
  await closed
}

function readArguments(): { debugPort: number | undefined; args: readonly string[] } {
  const { values, positionals } = parseArgs({ options: { cdp: { type: 'string' } }, allowPositionals: true })
  if (values.cdp === undefined) return { debugPort: undefined, args: positionals }
  const port = Number(values.cdp)
  if (!Number.isInteger(port) || port < 1024 || port > 65_535) {
    throw new TypeError(`--cdp takes a port from 1024 to 65535, for example --cdp 9333; "${values.cdp}" is none`)
  }
  return { debugPort: port, args: positionals }
}

try {
  await main()
} catch (thrown) {
  if (!(thrown instanceof ShellError || thrown instanceof TypeError)) throw thrown
  console.error(`handhold: ${thrown.message}`)
  process.exitCode = 1
}
