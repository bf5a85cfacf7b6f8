import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { root, runStep } from './run-step.ts'

/** Electron's binary is a download from outside of the npm registry; where it can't come from, the wait should be short. */
const DOWNLOAD_TIMEOUT_MS = 120_000
const electronFolder = `${root}node_modules/electron/`

function electronBinary(): string | undefined {
  const pathFile = `${electronFolder}path.txt`
  if (!existsSync(pathFile)) return undefined
  const binary = `${electronFolder}dist/${readFileSync(pathFile, 'utf8').trim()}`
  return existsSync(binary) ? binary : undefined
}

function fetchElectron(): string | undefined {
  if (!existsSync(`${electronFolder}install.js`)) return undefined
  console.log('start: fetching the Electron binary')
  const { status } = spawnSync(process.execPath, [`${electronFolder}install.js`], {
    stdio: 'ignore',
    timeout: DOWNLOAD_TIMEOUT_MS,
  })
  return status === 0 ? electronBinary() : undefined
}

if ((await runStep(process.execPath, ['scripts/build.ts'])) !== 0) process.exit(1)
const electron = electronBinary() ?? fetchElectron()
if (!electron) {
  console.log("start: Electron's binary isn't here and can't be fetched; falling back to the installed Chromium.")
}
const args = process.argv.slice(2)
process.exitCode = electron
  ? await runStep(electron, [`${root}dist/main/electron-operator.js`, ...args])
  : await runStep(process.execPath, [`${root}dist/main/operator.js`, ...args])
