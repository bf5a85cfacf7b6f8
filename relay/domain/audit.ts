/** Who did something. `who` of a device is its id; the relay acts on deadlines and on its own start. */
export type Actor =
  | { readonly kind: 'user'; readonly id: string; readonly label: string }
  | { readonly kind: 'device'; readonly id: string }
  | { readonly kind: 'relay' }
  /** Whoever has the relay's database, on its own machine. */
  | { readonly kind: 'console'; readonly account: string }
  | { readonly kind: 'stranger'; readonly address: string }

/** One line of the audit. `organisationId` is null where no organisation could be told (a failed sign-in for nobody). */
export interface AuditEntry {
  readonly organisationId: string | null
  readonly atMs: number
  readonly actor: Actor
  readonly action: string
  readonly subject: string
  readonly detail: Readonly<Record<string, unknown>>
}

export interface AuditRow {
  readonly sequence: number
  readonly atMs: number
  readonly actor: string
  readonly action: string
  readonly subject: string
  readonly detail: Record<string, unknown>
}

/** What narrows the audit. `fromMs` is in, `toMs` is out. */
export interface AuditFilter {
  readonly action?: string | undefined
  /** Who did it, by e-mail, themselves or by a key of theirs. */
  readonly person?: string | undefined
  /** What it did, and what was done to it and its sessions. */
  readonly deviceId?: string | undefined
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

export const RELAY_ACTOR: Actor = { kind: 'relay' }
export const deviceActor = (id: string): Actor => ({ kind: 'device', id })
/** `viaKey` is the visible start of the API key that acted for them. */
export const userActor = (user: { id: string; email: string; viaKey?: string | undefined }): Actor => ({
  kind: 'user',
  id: user.id,
  label: user.viaKey === undefined ? user.email : `${user.email} by key ${user.viaKey}`,
})

/** The actor as the audit keeps it: one line of text. */
export function actorText(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
      return `user ${actor.label}`
    case 'device':
      return `device ${actor.id}`
    case 'relay':
      return 'relay'
    case 'console':
      return `console ${actor.account}`
    case 'stranger':
      return `stranger ${actor.address}`
  }
}
