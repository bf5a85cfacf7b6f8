/** A message between operator and helper, and with it a frame between the agent's programs, is at most this long. */
export const TOOLS_FRAME_MAX_BYTES = 64 * 1024
/** One message over the data channel; N6. Longer lists come in parts. */
export const TOOLS_MESSAGE_MAX_BYTES = 16 * 1024
/** A grant opens its tool within this time; an open tool then lives by the session's lease. */
export const GRANT_TTL_S = 300
/** N7: without a lease younger than this no command is taken. */
export const LEASE_FRESH_MS = 45_000
/** Terminals that one helper runs at a time. */
export const TERMINALS_MAX = 8
/** Output that was sent and not yet drawn; the program on the other side waits beyond it. */
export const TERMINAL_WINDOW_BYTES = 384 * 1024
/** What a terminal that is looked at again shows of the past. */
export const TERMINAL_REPLAY_BYTES = 256 * 1024
/** Characters of one message of typed or pasted text. */
export const TERMINAL_INPUT_MAX = 4096
export const PROCESSES_MAX = 20_000
export const SERVICES_MAX = 2_000
