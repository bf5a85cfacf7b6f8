/** Where a sign-in comes from, as far as the relay can tell. */
export interface Origin {
  readonly address: string
  /** What limits count by: addresses that are probably one client share it. */
  readonly addressKey: string
  /** What the program calls itself, for people who look through their sign-ins; nothing is decided by it. */
  readonly client: string
}
