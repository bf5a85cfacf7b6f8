import type { Clock } from './domain/clock.ts'

/** The machine's clock and timers. Its timers don't keep the process alive. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  setTimer: (run, delayMs) => {
    const timer = setTimeout(run, delayMs)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
