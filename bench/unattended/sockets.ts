import { connectionsOf, isOutsideLoopback, type Listener, listenersOf } from '../../testing/listeners.ts'
import { processTree } from '../../testing/process-tree.ts'
import type { KioskDevice, UnattendedWorld } from '../../testing/unattended-world.ts'
import type { Row } from '../result.ts'
import { askWhenFree } from './life.ts'

export interface Sockets {
  readonly rows: readonly Row[]
  /** Outside loopback, before, during and after. */
  readonly listeners: readonly Listener[]
}

/** What `ss -tulpn` says of a device's processes before, during and after a session. */
export async function lookAtSockets(world: UnattendedWorld, device: KioskDevice): Promise<Sockets> {
  const service = device.agent.program.pid
  const rows: Row[] = []
  const found: Listener[] = []
  const look = (when: string) => {
    const outside = listenersOf(processTree(service).map(({ pid }) => pid)).filter(isOutsideLoopback)
    found.push(...outside)
    const of = (protocol: Listener['protocol']) => outside.filter(listener => listener.protocol === protocol)
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
  const operator = await askWhenFree(world, device)
  await operator.enter(await operator.withPassword(await operator.password()))
  look('during')
  await operator.end()
  await operator.reached('closed')
  await operator.close()
  look('after')
  return { rows, listeners: found }
}
