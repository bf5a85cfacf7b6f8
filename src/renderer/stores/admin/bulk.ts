import { type Refusal, refusalOf } from '../refusal.ts'

const AT_ONCE = 4
const PAUSE_MS = 5_000

export interface BulkProgress {
  readonly done: number
  readonly total: number
  /** The relay takes only so many a minute. */
  readonly isWaiting: boolean
}

export interface BulkParts {
  readonly onProgress: (progress: BulkProgress) => void
  readonly wait?: (ms: number) => Promise<void>
}

/**
 * Does the same to each of `ids`, a few at a time. Where the relay asks to go slower, waits and goes on. Stops at any other refusal, which it
 * resolves with; what was done until then stays done.
 */
export async function runBulk(
  ids: readonly string[],
  act: (id: string) => Promise<void>,
  { onProgress, wait = later }: BulkParts,
): Promise<Refusal | null> {
  const left = [...ids]
  let done = 0
  let refusal: Refusal | null = null
  const tell = (isWaiting: boolean) => onProgress({ done, total: ids.length, isWaiting })
  const work = async () => {
    for (let id = left.shift(); id !== undefined && !refusal; id = left.shift()) {
      const refused = await act(id).then(() => null, refusalOf)
      if (refused?.code === 'rate-limited') {
        left.push(id)
        tell(true)
        await wait(PAUSE_MS)
      } else if (refused) {
        refusal ??= refused
      } else {
        done++
        tell(false)
      }
    }
  }
  tell(false)
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return refusal
}

const later = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms))
