import { z } from 'zod'
import type { StatementKind } from '#protocol/trust/signed.ts'

/** Rows that one head covers at most. */
export const ROWS_PER_HEAD = 1_000
/** Bytes of each row's hash that its head repeats: enough to tell which row was changed when the whole chain was recomputed. */
const MARK_BYTES = 6
export const MARK_LENGTH = (MARK_BYTES * 4) / 3

const hashSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
const chainSchema = z.string().min(1).max(64)
const position = z.number().int().positive()

const headSchema = z.object({
  version: z.literal(1),
  chain: chainSchema,
  /** The position that the head before sealed; 0 for the first. */
  after: z.number().int().nonnegative(),
  position,
  hash: hashSchema,
  /** The beginnings of the hashes of rows `after + 1` to `position`, one after the other. */
  marks: z
    .string()
    .max(ROWS_PER_HEAD * MARK_LENGTH)
    .regex(/^[A-Za-z0-9_-]*$/),
  atMs: z.number().int().nonnegative(),
})
export type AuditHead = z.infer<typeof headSchema>

/** "At this moment the chain had this many rows and ended with this hash": signed by a key outside the database and copied off the machine. */
export const AUDIT_HEAD: StatementKind<AuditHead> = {
  typ: 'handhold-audit-head+jws',
  claims: headSchema,
  maxLength: 16_000,
}

const tombstoneSchema = z.object({
  version: z.literal(1),
  chain: chainSchema,
  /** The last row that was removed, and its hash: what is left continues from it. */
  position,
  hash: hashSchema,
  atMs: z.number().int().nonnegative(),
})
export type AuditTombstone = z.infer<typeof tombstoneSchema>

/** "Rows up to here were removed by retention": the only way in which rows may go. */
export const AUDIT_TOMBSTONE: StatementKind<AuditTombstone> = {
  typ: 'handhold-audit-tombstone+jws',
  claims: tombstoneSchema,
  maxLength: 2_000,
}

export const markOf = (hash: string): string => hash.slice(0, MARK_LENGTH)
