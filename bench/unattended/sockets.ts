import { connectionsOf, isOutsideLoopback, type Listener, listenersOf } from '../../testing/listeners.ts'
import { processTree } from '../../testing/process-tree.ts'
import { UnattendedOperator } from '../../testing/unattended-operator.ts'
import type { KioskDevice, UnattendedWorld } from '../../testing/unattended-world.ts'
import type { Row } from '../result.ts'

export interface Sockets {
  readonly rows: readonly Row[]
  /** TCP that listens and UDP without a fixed other end, outside loopback, before, during and after. */
  readonly listeners: readonly Listener[]
}

/** What `ss -tulpn` says of a device's processes before, during and after a session. */
export async function lookAtSockets({ relay }: UnattendedWorld, device: KioskDevice): Promise<Sockets> {
  const service = device.agent.program.pid
  const rows: Row[] = []
  const found: Listener[] = []
  const look = (when: string) => {
    const outside = listenersOf(processTree(service).map(({ pid }) => pid)).filter(isOutsideLoopback)
    const of = (protocol: Listener['protocol']) => outside.filter(listener => listener.protocol === protocol)
    found.push(...outside)
    const udp = of('udp').map(({ address }) => address)
    rows.push({
      when,
      'TCP that listens': of('tcp').length,
      'UDP outside loopback': udp.length,
      'connections of the service': connectionsOf(service),
      addresses: udp.join(' '),
    })
  }
  look('before')
  const operator = await UnattendedOperator.ask(relay, device.token, device)
  await operator.enter(await operator.withPassword(await operator.password()))
  look('during')
  await operator.end()
  await operator.reached('closed')
  await operator.close()
  look('after')
  return { rows, listeners: found }
}
