import type { Clock } from '../../links/clock.ts'

/** Resolves after `delayMs`, or as soon as `signal`, which hasn't yet, aborts; never rejects. */
export function wait(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const cancel = clock.setTimer(done, delayMs)
    signal.addEventListener('abort', done, { once: true })
    function done() {
      cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
  })
}
