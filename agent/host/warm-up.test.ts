import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PROGRAM = `
  import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
  import { warmUp } from '${fileURLToPath(new URL('./warm-up.ts', import.meta.url))}'

  await warmUp()
  const targets = readdirSync('/proc/self/fd').map(name => {
    try {
      return readlinkSync('/proc/self/fd/' + name)
    } catch {
      return ''
    }
  })
  const network = ['tcp', 'tcp6', 'udp', 'udp6'].map(name => readFileSync('/proc/self/net/' + name, 'latin1')).join('\\n')
  const inodes = network.split('\\n').map(row => row.trim().split(/\\s+/)[9])
  const sockets = targets.filter(target => inodes.some(inode => target === 'socket:[' + inode + ']'))
  const threads = readdirSync('/proc/self/task').map(name => readFileSync('/proc/self/task/' + name + '/comm', 'latin1').trim())
  console.log(JSON.stringify({ sockets: sockets.length, threads }))
  process.exit()
`

test('a host that waits for the answer has libwebrtc running, and no socket of a network', () => {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', PROGRAM]
  const said = execFileSync(process.execPath, args, {
    encoding: 'utf8',
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 20_000,
  })
  const { sockets, threads } = JSON.parse(said)
  expect(sockets).toBe(0)
  expect(threads).toContain('PeerConnectionF')
})
