import { chmod, chown, rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { helpWordSchema } from '#protocol/help/state.ts'
import type { ChildUser } from '../../links/child.ts'
import type { HelpDesk } from './help-desk.ts'
import { readLines } from './line-reader.ts'

/** One person with some windows, and no flood. */
const CONNECTIONS_MAX = 4

export interface HelpSocketOptions {
  readonly path: string
  /** Whose it is, where that is somebody else than the service. */
  readonly owner: ChildUser | undefined
  readonly desk: Pick<HelpDesk, 'ask' | 'withdraw' | 'state' | 'onState'>
}

/**
 * Where the person's own programs ask for help: a socket in the file system that only the desktop's user (and root) may open; connecting takes the right to
 * write to it, which the kernel checks (unix(7)). It takes two words and tells how the wish stands. Whoever asked and goes away withdraws.
 * Rejects where the socket can't be made. Returns its end, which is idempotent.
 */
export async function openHelpSocket({ path, owner, desk }: HelpSocketOptions): Promise<() => Promise<void>> {
  const open = new Set<Socket>()
  const server = createServer(socket => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    serve(socket, desk)
  })
  server.maxConnections = CONNECTIONS_MAX
  // Of an earlier run: only this service writes here.
  await rm(path, { force: true })
  const umask = process.umask(0o177)
  try {
    const listening = Promise.withResolvers<void>()
    server.once('error', listening.reject)
    server.listen(path, listening.resolve)
    await listening.promise
  } finally {
    process.umask(umask)
  }
  await chmod(path, 0o600)
  if (owner) await chown(path, owner.uid, owner.gid)
  return async () => {
    for (const socket of open) socket.destroy()
    if (server.listening) await new Promise(resolve => server.close(resolve))
  }
}

const isOpen = ({ phase }: HelpDesk['state']) => phase === 'asking' || phase === 'code' || phase === 'queued'

function serve(socket: Socket, desk: HelpSocketOptions['desk']): void {
  let hasAsked = false
  const tell = (state: HelpDesk['state']) => void socket.write(`${JSON.stringify(state)}\n`)
  const stop = desk.onState(tell)
  // How an older wish ended is no news for whoever comes now.
  tell(isOpen(desk.state) ? desk.state : { phase: 'idle' })
  readLines(socket, helpWordSchema, word => {
    hasAsked = word.type === 'help-ask'
    if (word.type === 'help-ask') void desk.ask({ way: word.way, words: word.words })
    else void desk.withdraw()
  })
  socket.on('close', () => {
    stop()
    if (hasAsked) void desk.withdraw()
  })
}
