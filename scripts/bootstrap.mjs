// Makes a bare machine ready and then runs `demo` or `test` on the pinned Node. Plain JavaScript with built-ins only: it runs on the machine's own Node,
// before anything is installed.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const LOCK_STAMP = join(root, 'node_modules', '.lock-sha256')
const TARGETS = { demo: 'scripts/demo/main.ts', test: 'scripts/check.ts' }

/** Programs that the project uses and the Debian packages that bring them. */
const NEEDED = [
  {
    found: () => hasProgram('chromium') || hasProgram('google-chrome'),
    debianPackage: 'chromium',
    why: 'the windows of the operator app and the consent dialog',
  },
  { found: () => hasProgram('zenity'), debianPackage: 'zenity', why: 'the question where a device has no browser' },
  { found: () => hasProgram('Xvfb'), debianPackage: 'xvfb', why: 'virtual displays' },
  {
    found: () => hasProgram('Xephyr'),
    debianPackage: 'xserver-xephyr',
    why: 'displays with a pointer and a keyboard of their own, on which a person can answer',
  },
  { found: () => hasProgram('openbox'), debianPackage: 'openbox', why: 'the window manager of the demo device' },
  { found: () => hasProgram('xterm'), debianPackage: 'xterm', why: 'the terminal on the demo device' },
  { found: () => hasProgram('xclock'), debianPackage: 'x11-apps', why: 'the clock on the demo device' },
  {
    found: () => hasProgram('xrandr'),
    debianPackage: 'x11-xserver-utils',
    why: 'changing the size of a display in tests',
  },
  {
    found: () => hasProgram('xdotool'),
    debianPackage: 'xdotool',
    why: 'presses and clicks of programs, which the person’s window must not take for the person’s',
    targets: ['test'],
  },
  {
    found: () => existsSync('/usr/lib/wine/wine64'),
    debianPackage: 'wine64',
    why: 'the registry editor’s tests: reg.exe, and programs for Windows',
    targets: ['test'],
  },
  {
    found: () => existsSync('/usr/share/fonts/truetype/dejavu'),
    debianPackage: 'fonts-dejavu-core',
    why: 'letters in the windows',
  },
]

function hasProgram(name) {
  return (process.env.PATH ?? '').split(':').some(folder => folder !== '' && existsSync(join(folder, name)))
}

function say(text) {
  console.log(`setup: ${text}`)
}

function fail(text) {
  console.error(`setup: ${text}`)
  process.exit(1)
}

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options })
  if (error) fail(`${command} could not be started: ${error.message}`)
  return status ?? 1
}

function installSystemPackages() {
  if (process.platform !== 'linux') return
  const missing = NEEDED.filter(need => !need.found() && (need.targets ?? [targetName]).includes(targetName))
  if (missing.length === 0) return
  const names = missing.map(need => need.debianPackage)
  const list = missing.map(need => `  ${need.debianPackage}: ${need.why}`).join('\n')
  if (!existsSync('/etc/debian_version') || !hasProgram('apt-get')) {
    fail(`this machine is not Debian. Install what these Debian packages bring, then run the command again:\n${list}`)
  }
  if (process.getuid?.() !== 0) {
    fail(
      `these packages are missing:\n${list}\nInstall them, then run the command again:\n  sudo apt-get install --no-install-recommends ${names.join(' ')}`,
    )
  }
  say(`installing Debian packages:\n${list}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  if (run('apt-get', ['update', '-qq'], { env }) !== 0)
    fail('apt-get update failed. Check the package sources and the network.')
  const args = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...names]
  if (run('apt-get', args, { env }) !== 0)
    fail(`apt-get could not install ${names.join(', ')}. Its own words are above.`)
}

function installNodePackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  if (existsSync(LOCK_STAMP) && readFileSync(LOCK_STAMP, 'utf8') === lock) return
  say('installing the npm packages of package-lock.json (a minute or two the first time)')
  if (run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']) !== 0) {
    fail('npm ci failed. Check that the npm registry can be reached; its own words are above.')
  }
  writeFileSync(LOCK_STAMP, lock)
}

/** The Node of package-lock.json; only a machine for which npm has none needs a Node 24 of its own. */
function pinnedNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`
  const pinned = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(pinned)) return pinned
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  return fail(
    `Node 24 is needed and npm has no ${name} package. Install Node 24 from https://nodejs.org, then run the command again.`,
  )
}

const [targetName = '', ...rest] = process.argv.slice(2)
const target = TARGETS[targetName]
if (!target) fail(`say which of ${Object.keys(TARGETS).join(', ')} to run`)
installSystemPackages()
installNodePackages()
const node = pinnedNode()
const PATH = `${dirname(node)}:${join(root, 'node_modules', '.bin')}:${process.env.PATH}`
process.exit(run(node, [join(root, target), ...rest], { env: { ...process.env, PATH } }))
