/** Raised when an old peer could misread a new message. A peer with another number is refused with `protocol-version`. */
export const PROTOCOL_VERSION = 1
