import type { DoorTimes } from '../agent/service/unattended/times.ts'

/** Seconds in the place of the product's ten and fifteen minutes, so that a test can wait for them. */
export const SHORT_TIMES: DoorTimes = {
  firstUseMs: 8_000,
  lingerMs: 6_000,
  stillConnectedMs: 130,
  signOutGraceMs: 400,
}

/** For many devices at once: whoever is slow to use a password or to connect, on a machine that does five other things, isn't late for that alone. */
export const UNHURRIED_TIMES: DoorTimes = { ...SHORT_TIMES, firstUseMs: 25_000, lingerMs: 14_000 }
