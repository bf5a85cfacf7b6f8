import { XConnection } from '../agent/platform/linux/connection.ts'

const LOOK_EVERY_MS = 4

/** Sees each change of the keys that an X server thinks are down, whichever window has the focus. */
export interface KeyWatch {
  /** Epoch ms; 0 before the first change. */
  readonly changedAtMs: number
  close(): Promise<void>
}

export async function watchKeys(display: string): Promise<KeyWatch> {
  const connection = await XConnection.open(display, () => undefined)
  let changedAtMs = 0
  let before = ''
  let isClosed = false
  const look = async () => {
    const keys = await connection.ask<Buffer>(answer => connection.client.QueryKeymap(answer))
    const now = keys.toString('hex')
    if (before !== '' && now !== before) changedAtMs = Date.now()
    before = now
    if (!isClosed) setTimeout(() => void look().catch(() => undefined), LOOK_EVERY_MS)
  }
  await look()
  return {
    get changedAtMs() {
      return changedAtMs
    },
    close() {
      isClosed = true
      return connection.close()
    },
  }
}
