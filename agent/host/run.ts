import { systemClock } from '../links/clock.ts'
import { type HostToService, serviceToHostSchema } from '../links/host-link.ts'
import { openParentChannel } from '../links/parent.ts'
import { QuietMemory } from '../links/quiet-memory.ts'
import { Host, type HostOptions } from './host.ts'
import { ProxiedPaths } from './proxied-paths.ts'
import { warmUp } from './warm-up.ts'

/** A host that can't finish in this time is not worth waiting for: the service lifts what it held. */
const EXIT_WITHIN_MS = 700

/** Runs this process as a session host: messages come from its parent, and without a parent there is no host. */
export function runHost(selectPlatform: HostOptions['selectPlatform']): void {
  let handled: Promise<void> | undefined
  const warn = (why: string) => parent?.send({ type: 'log', level: 'warn', message: why.slice(0, 500) })
  const ways = new ProxiedPaths(warn)
  const parent = openParentChannel<Parameters<Host['handle']>[0], HostToService>(
    serviceToHostSchema,
    (message, socket) => {
      if (!handled && !(message.type === 'set-paths' && message.proxy)) return host.handle(message, socket)
      // Whatever comes after it waits for it: a connection that begins before has no way to the relay.
      handled = (handled ?? Promise.resolve())
        .then(() => ways.reachable(message))
        .then(reachable => host.handle(reachable, socket))
        .catch(thrown => warn(String(thrown)))
    },
  )
  if (!parent) {
    console.error('This program is started by handhold-agent and does nothing by itself.')
    process.exit(2)
  }
  const memory = new QuietMemory(systemClock)
  const host = new Host({
    selectPlatform,
    clock: systemClock,
    send: parent.send,
    onActivity: () => memory.stir(),
    onPrepared: () => void warmUp().then(() => memory.settle()),
    onDone: () => void parent.flushed().then(() => process.exit(0)),
  })
  const leave = () => {
    setTimeout(() => process.exit(1), EXIT_WITHIN_MS)
    void host.close('agent-failed')
  }
  process.on('disconnect', leave)
  process.on('SIGTERM', leave)
  process.on('SIGINT', leave)
}
