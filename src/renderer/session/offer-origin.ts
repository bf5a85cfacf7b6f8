/**
 * Which connection an offer belongs to: the session id of its `o=` line (RFC 8866, 5.2), which a renegotiation keeps and a new
 * connection changes. Undefined for text that has none.
 */
export function offerOrigin(sdp: string): string | undefined {
  return /^o=\S+ (\S+) /m.exec(sdp)?.[1]
}
