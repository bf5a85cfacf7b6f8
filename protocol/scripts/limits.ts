/** Devices of one run. */
export const RUN_DEVICES_MAX = 200
/** Of what a script printed on one device as much is kept, from its beginning. */
export const RUN_OUTPUT_MAX_BYTES = 256 * 1024
/** Sealed and with its frame around it, a part fits in one message of a socket. */
export const RUN_PART_BYTES = 11_000
export const RUN_PARTS_MAX = Math.ceil(RUN_OUTPUT_MAX_BYTES / RUN_PART_BYTES)
export const RUN_TIME_LIMIT_DEFAULT_S = 300
export const RUN_TIME_LIMIT_MAX_S = 3_600
/** How long a device that is offline is waited for. */
export const RUN_WAIT_DEFAULT_MS = 24 * 60 * 60_000
export const RUN_WAIT_MAX_MS = 7 * 24 * 60 * 60_000
/** Without the relay for so long a device ends what it runs: nobody could stop it any more. */
export const RUN_ALONE_MS = 30_000
/** A run with what it printed is kept for so long. */
export const RUN_KEPT_MS = 30 * 24 * 60 * 60_000
/** Order and script together, so that they fit into one message to a device. */
export const RUN_MESSAGE_MAX = 48_000
