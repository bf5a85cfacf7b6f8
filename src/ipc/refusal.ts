import { HandholdError, wireErrorSchema } from '#protocol/errors.ts'

/**
 * The error of a failed bridge call. Rejections cross the bridge as `{ code, message }`, because a class doesn't survive the way
 * between two worlds; anything else that was thrown becomes `internal`.
 */
export function refusalOf(thrown: unknown): HandholdError {
  const parsed = wireErrorSchema.safeParse(thrown)
  if (parsed.success) return HandholdError.fromWire(parsed.data)
  return new HandholdError('internal', 'The app failed to do this. Try again; its log says more.', { cause: thrown })
}
