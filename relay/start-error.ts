/** Why the relay can't start, in one line that says what to do. */
export class StartError extends Error {
  override readonly name = 'StartError'

  /** What `open` returns; what it throws becomes one line that starts with `what`. */
  static guard<T>(what: string, open: () => T): T {
    try {
      return open()
    } catch (thrown) {
      throw new StartError(`${what}: ${thrown instanceof Error ? thrown.message : 'unknown error'}`, { cause: thrown })
    }
  }

  /** The system's name of an error, such as EACCES. */
  static codeOf(thrown: unknown): string {
    return thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown error'
  }
}
