/** How often a second person's app says that they look. */
export const WATCH_BEAT_MS = 600
/** Without a word of them for this long nothing is taken any more: with the way of the last one, within two seconds. */
export const WATCH_LAPSE_MS = 1_800
/** What was shown and isn't acknowledged after this long was not seen. */
export const WATCH_UNSEEN_MS = 4_000
/** Messages to the second person leave at this pace, so that a device's socket has room for everything else. */
export const WATCH_FLUSH_MS = 200
/** Sealed and in base64url it fits in a frame of 16 KiB. */
export const WATCH_PART_BYTES = 10_500
/** What waits to be shown; of a program that writes without end the rest is left out, and that is said. */
export const WATCH_QUEUE_BYTES = 64 * 1024
/** What somebody who comes later sees of a terminal's past. */
export const WATCH_PAST_BYTES = 8 * 1024
