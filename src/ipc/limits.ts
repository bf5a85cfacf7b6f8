/** Longest call, in UTF-16 code units of its JSON: an SDP of 60 KiB and its envelope, with room for escapes. */
export const CALL_MAX_CHARACTERS = 256 * 1024
/** Calls of one window that aren't answered yet. */
export const CALLS_IN_FLIGHT_MAX = 256
