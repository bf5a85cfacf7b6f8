import { connect } from 'node:net'
import { type HelpState, type HelpWord, helpStateSchema } from '#protocol/help/state.ts'
import { readLines } from './line-reader.ts'

/** The person's side of the service's socket. */
export interface HelpClient {
  say(word: HelpWord): void
  /** Whatever was asked for is withdrawn by it. */
  close(): void
  /** Resolves when the service is gone. */
  readonly closed: Promise<void>
}

/** Rejects where no service is there, or where it isn't this person's. The first state comes at once. */
export async function openHelpClient(path: string, onState: (state: HelpState) => void): Promise<HelpClient> {
  const socket = connect(path)
  const connected = Promise.withResolvers<void>()
  socket.once('connect', connected.resolve)
  socket.once('error', connected.reject)
  await connected.promise
  const closed = new Promise<void>(resolve => socket.once('close', () => resolve()))
  readLines(socket, helpStateSchema, onState)
  return {
    say: word => void socket.write(`${JSON.stringify(word)}\n`),
    close: () => void socket.end(),
    closed,
  }
}
