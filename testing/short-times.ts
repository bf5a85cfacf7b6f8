import type { DoorTimes } from '../agent/service/unattended/times.ts'

/** Seconds in the place of the product's ten and fifteen minutes, so that a test can wait for them. */
export const SHORT_TIMES: DoorTimes = {
  firstUseMs: 8_000,
  lingerMs: 6_000,
  stillConnectedMs: 130,
  signOutGraceMs: 400,
}
