import { execFileSync } from 'node:child_process'

export interface Listener {
  readonly protocol: 'tcp' | 'udp'
  readonly address: string
  readonly pid: number
}

/** The sockets on which these processes take what anybody sends, as `ss -tulpn` lists them: TCP that listens, and UDP without a fixed other end. */
export function listenersOf(pids: readonly number[]): Listener[] {
  return execFileSync('ss', ['-H', '-tulpn'], { encoding: 'utf8' })
    .split('\n')
    .flatMap(line => {
      const [protocol, , , , address = ''] = line.split(/\s+/)
      const owners = [...line.matchAll(/pid=(\d+)/g)].map(([, pid]) => Number(pid))
      const isTcp = protocol === 'tcp'
      return owners
        .filter(pid => pids.includes(pid))
        .map(pid => ({ protocol: isTcp ? 'tcp' : 'udp', address, pid }) as const)
    })
}

export const isOutsideLoopback = ({ address }: Listener): boolean => !/^(127\.|\[::1\]|\[::ffff:127\.)/.test(address)

/** Which ports a process is connected to. */
export const portsOf = (pid: number): number[] =>
  execFileSync('ss', ['-H', '-tnp', 'state', 'established'], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line.includes(`pid=${pid},`))
    .map(line => Number(line.trim().split(/\s+/)[3]?.split(':').at(-1)))

/** How many TCP connections a process has to somewhere. */
export const connectionsOf = (pid: number): number => portsOf(pid).length
