import { readFileSync } from 'node:fs'

/** Time since the machine was started, sleep included: a clock that nobody can set. */
export interface BootClock {
  /** Another one after each start of the machine. Null where the system has none: then a restart of the agent counts as one of the machine. */
  readonly bootId: string | null
  sinceBootMs(): number
}

/** `/proc/uptime` is CLOCK_BOOTTIME, which `performance.now()` isn't: that one stands still while the machine sleeps. */
function linuxBootClock(): BootClock {
  return {
    bootId: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim(),
    sinceBootMs: () => Math.round(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000),
  }
}

/** For systems without a boot id: what was stamped by another start of the agent is then judged by the wall clock, in doubt against it. */
const processClock: BootClock = { bootId: null, sinceBootMs: () => Math.round(performance.now()) }

export const systemBootClock = (): BootClock => (process.platform === 'linux' ? linuxBootClock() : processClock)
