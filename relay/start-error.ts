/** Why the relay can't start, in one line that says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError'

  /** The system's name of an error, such as EACCES. */
  static codeOf(thrown: unknown): string {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error'
  }
}
