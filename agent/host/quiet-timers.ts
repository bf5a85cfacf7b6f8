import { writeFileSync } from 'node:fs'

const OWN_TIMER_SLACK = '/proc/self/timerslack_ns'
const NANOSECONDS_PER_MS = 1_000_000
/** What Linux gives every thread by default. */
const DEFAULT_NS = 50_000

/** How late libwebrtc's periodic timers may fire. They are some 200 a second even when nothing happens; packets and messages wake its threads at once all the same. */
const SLACK_MS = 40

/**
 * Runs `load` so that the threads that it starts share their wake-ups (Linux's timer slack, which threads inherit): an idle session then wakes the processor a
 * quarter as often. Elsewhere than on Linux it only runs `load`.
 */
export function withQuietTimers<T>(load: () => T): T {
  if (!setSlack(SLACK_MS * NANOSECONDS_PER_MS)) return load()
  try {
    return load()
  } finally {
    setSlack(DEFAULT_NS)
  }
}

function setSlack(nanoseconds: number): boolean {
  try {
    writeFileSync(OWN_TIMER_SLACK, String(nanoseconds))
    return true
  } catch {
    return false
  }
}
