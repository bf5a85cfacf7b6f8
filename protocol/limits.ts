/** The numbers that every program holds (docs/architecture.md, "Numbers"). Units are in the names. */

export const MINUTE_MS = 60_000
export const HOUR_MS = 60 * MINUTE_MS

// N1: access pass and step-up
export const PASS_TTL_S = 900
export const CLOCK_LEEWAY_S = 30
export const STEP_UP_MAX_AGE_MS = 5 * 60_000

// N2: unattended access
export const PASSWORD_CHARACTERS = 13
/** From the password's issue to its first use. */
export const OTP_FIRST_USE_MS = 600_000
/** Wrong tries that burn a password; they count on for the next one until a quarter of an hour has passed over them. */
export const OTP_TRIES = 5
export const OTP_TRIES_WINDOW_MS = 15 * 60_000
/** Wrong tries within a day that switch unattended access off until an administrator allows it again. */
export const OTP_TRIES_PER_DAY = 100
/** From the end of the connection to the teardown. */
export const LINGER_MS = 900_000
/** A second person has this long to agree. */
export const APPROVAL_TIMEOUT_MS = 30 * 60_000

// N3: signalling socket
export const SDP_FRAME_MAX_BYTES = 64 * 1024
export const FRAME_MAX_BYTES = 16 * 1024
export const MESSAGES_PER_SECOND = 20
export const MESSAGE_BURST = 60
export const CANDIDATES_PER_SESSION = 200
export const HELLO_TIMEOUT_MS = 5_000
export const PING_INTERVAL_MS = 25_000
export const LINK_DEAD_AFTER_MS = 60_000
export const ACK_TIMEOUT_MS = 10_000
export const SOCKET_BUFFER_MAX_BYTES = 8 * 1024 * 1024
/** Of one socket's messages that came while others were still handled. */
export const SOCKET_UNHANDLED_MAX_BYTES = 4 * 1024 * 1024

// N4: HTTP
export const HTTP_BODY_MAX_BYTES = 64 * 1024
/** The one body that may be larger: an organisation's policy as a file. */
export const POLICY_FILE_MAX_BYTES = 1024 * 1024
export const HTTP_HEADER_MAX_BYTES = 16 * 1024
export const HTTP_REQUEST_TIMEOUT_MS = 15_000
export const SIGN_IN_FAILURES_PER_ACCOUNT = 5
export const SIGN_IN_FAILURES_PER_ADDRESS = 20
export const SIGN_IN_WINDOW_MS = 15 * 60_000

// N5: TURN
/** From its issue to the last allocation that is made with it; what was made stays as long as its session. */
export const TURN_CREDENTIAL_TTL_MS = 600_000
/** Live ones of one credential. */
export const TURN_ALLOCATIONS_PER_CREDENTIAL = 4
/** Each connection of a session takes another: its own, its video's, those of its displays. */
export const TURN_CREDENTIALS_PER_END = 4
/** An end of a live session gets new ones this often, well before the last ones run out. */
export const TURN_RENEW_MS = 240_000
/** An allocation that isn't refreshed. */
export const TURN_LIFETIME_S = 600
export const TURN_PERMISSION_MS = 300_000
export const TURN_CHANNEL_MS = 600_000
/** From the connection to its first allocation. */
export const TURN_ALLOCATE_WITHIN_MS = 10_000
/** libwebrtc sends packets of 1,200 bytes; nothing that two peers send needs more than this. */
export const TURN_FRAME_MAX_BYTES = 4 * 1024
/** What one end of a session may send, on all of its connections together. */
export const TURN_BYTES_PER_SECOND = 8 * 1024 * 1024
/** What waits for a slow receiver; more is lost, as on any network. */
export const TURN_BACKLOG_MAX_BYTES = 128 * 1024
export const TURN_REQUESTS_PER_SECOND = 20
export const TURN_REQUEST_BURST = 200

// N6: data channels
export const CHANNEL_MESSAGE_MAX_BYTES = 16 * 1024
export const CHANNEL_HIGH_WATER_BYTES = 1024 * 1024

// The chat of a session
export const CHAT_TEXT_MAX = 2_000
/** As many of a session are kept; what comes after them isn't taken. */
export const CHAT_KEPT_MAX = 500
/** More than anybody writes, and their answers. */
export const CHAT_BURST = 20
export const CHAT_PER_SECOND = 4
/** Without a word from the other side in this time a message counts as lost. */
export const CHAT_LOST_AFTER_MS = 10_000

// The lossless picture (channel `tiles`)
export const TILES_MESSAGE_MAX_BYTES = 65_536
/** A frame as it travels. */
export const TILES_FRAME_MAX_BYTES = 4 * 1024 * 1024
/** A frame's commands, inflated. */
export const TILES_BODY_MAX_BYTES = 64 * 1024 * 1024
export const TILES_SIDE_MAX = 16_384
export const TILES_PIXELS_MAX = 64 * 1024 * 1024
export const TILES_ACK_AFTER_BYTES = 8 * 1024
export const TILES_ACK_AFTER_MS = 400

// N7: session lease
export const LEASE_TTL_S = 45
export const LEASE_RENEW_MS = 30_000
/** How soon an agent asks again for a lease that didn't come. */
export const LEASE_RETRY_MS = 5_000
export const LEASE_FREEZE_MS = 45_000
export const LEASE_END_MS = 90_000

// N8: reconnect
export const RECONNECT_BASE_MS = 1_000
export const RECONNECT_CAP_MS = 60_000

// N10: the person at the device
export const CONSENT_TIMEOUT_MS = 30_000
export const CONSENT_ARM_DELAY_MS = 700
export const END_WITHIN_MS = 1_000
/** So many refusals of one operator by one device within `DENIALS_WINDOW_MS`, and the operator may not ask there for as long. */
export const DENIALS_MAX = 3
export const DENIALS_WINDOW_MS = 15 * 60_000
/** In one session; each has its receipt. */
export const FURTHER_QUESTIONS_MAX = 8
/** Characters of the question that its receipt repeats. */
export const SHOWN_TEXT_MAX = 2_000

// Asking for help at a device
export const HELP_CODE_TTL_MS = 10 * 60_000
export const HELP_QUEUE_TTL_MS = 2 * HOUR_MS
export const HELP_WORDS_MAX = 200
/** So many askings of one device within `HELP_WINDOW_MS`. */
export const HELP_ASKS_MAX = 6
/** Wrong codes of one operator, and of all of an organisation together, within `HELP_WINDOW_MS`. */
export const HELP_CODE_FAILURES_PER_OPERATOR = 5
export const HELP_CODE_FAILURES_PER_ORGANISATION = 50
export const HELP_WINDOW_MS = 15 * 60_000

/** A request for a device that is offline waits this long for it. */
export const QUEUE_TIMEOUT_MS = 10 * 60_000
/** From the person's "yes" to the first joined peer; a session that nobody joins doesn't stay open. */
export const CONNECT_TIMEOUT_MS = 30_000
/** A session whose link is interrupted ends after this. */
export const RECONNECT_TIMEOUT_MS = 120_000
/** So many connections one session may ask for, one after the other, and how long after each the device takes the next wish. */
export const CONNECTIONS_PER_SESSION = 1_000
export const RENEW_LINK_EVERY_MS = 1_000
/** What one consent lasts when nobody says otherwise. */
export const SESSION_DURATION_MS = 8 * 60 * 60_000
