/** One after the other; a single piece as it is, without a copy. */
export function joinedBytes<Piece extends Uint8Array>(pieces: readonly Piece[]): Piece | Uint8Array<ArrayBuffer> {
  const [only] = pieces
  if (only && pieces.length === 1) return only
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
