import { z } from 'zod'
import { errorCodeSchema, HandholdError, type WireError } from './errors.ts'

export const PROBLEM_CONTENT_TYPE = 'application/problem+json'

/**
 * A refusal over HTTP (RFC 9457). Programs decide by `code`; `detail` is for people and says the next step. `type` is an address of the relay that answers,
 * where a page explains the code.
 */
export const problemSchema = z.object({
  type: z.string().max(200),
  title: z.string().max(200),
  status: z.number().int().min(400).max(599),
  detail: z.string().max(500),
  code: errorCodeSchema,
})
export type Problem = z.infer<typeof problemSchema>

export const problemType = (code: WireError['code']): string => `/v1/problems/${code}`

/** The refusal of a reply's body; undefined for a body that is none. */
export function refusalOf(body: unknown): HandholdError | undefined {
  const { success, data } = problemSchema.safeParse(body)
  return success ? HandholdError.fromWire({ code: data.code, message: data.detail }) : undefined
}
