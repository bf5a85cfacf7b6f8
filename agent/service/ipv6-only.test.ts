import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { startProgram } from '#testing/program.ts'
import { sourceProgram } from '#testing/source-program.ts'

const ADDRESS = 'fd00::9'
/** A network of its own, with one address of IPv6 and none of IPv4, whose packets have 1280 bytes at most. */
const NETWORK = `set -e
ip link add one type veth peer name other
ip addr del 127.0.0.1/8 dev lo 2>/dev/null || true
ip addr add ${ADDRESS}/64 dev one nodad
for link in lo one other; do ip link set $link mtu 1280 up; done
ip addr del 127.0.0.1/8 dev lo 2>/dev/null || true
! ip -4 addr | grep -q inet`

const inNetwork = (...command: readonly string[]) =>
  ['--map-root-user', '--net', '--kill-child', 'sh', '-c', `${NETWORK}\nexec "$@"`, 'sh', ...command] as const

function canMakeNetworks(): boolean {
  try {
    execFileSync('unshare', inNetwork('true'), { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

it.skipIf(!canMakeNetworks())(
  'A122 a session comes together in a network with IPv6 alone and an MTU of 1280',
  async () => {
    const program = await startProgram({
      name: 'a relay, a device and an operator',
      command: 'unshare',
      args: inNetwork(...sourceProgram(new URL('../../testing/ipv6-only.ts', import.meta.url)), ADDRESS),
      readyWithinMs: 50_000,
      ready: line => (line === 'connected' ? line : undefined),
    })
    expect(program.ready).toBe('connected')
    await program.stop()
  },
)
