import { LINGER_MS, OTP_FIRST_USE_MS } from '#protocol/limits.ts'

/** How long a door may stay as it is. Another composition of the agent may have shorter ones; nothing that is configured changes them. */
export interface DoorTimes {
  /** From the issue of a password to its first use. */
  readonly firstUseMs: number
  /** From the end of a connection to the teardown. */
  readonly lingerMs: number
  /** How old what is remembered of a connected operator may get: a crash takes at most this off the time for coming back. */
  readonly stillConnectedMs: number
  /** From the lock of the desktop to the sign-out, where the policy wants one: whoever stands there by then can still stop it. */
  readonly signOutGraceMs: number
}

export const DOOR_TIMES: DoorTimes = {
  firstUseMs: OTP_FIRST_USE_MS,
  lingerMs: LINGER_MS,
  stillConnectedMs: 20_000,
  signOutGraceMs: 60_000,
}
