import { z } from 'zod'
import { TOOLS } from '../tools/tools.ts'

/** What a person can allow. Later scopes join this list together with their row in `peer/channels.ts`. */
export const SCOPES = ['view', 'control', ...TOOLS] as const
export const scopeSchema = z.enum(SCOPES)
export type Scope = z.infer<typeof scopeSchema>

/** What is asked for on top of what a live session has. */
export const furtherScopesSchema = z
  .array(scopeSchema)
  .min(1)
  .max(SCOPES.length)
  .refine(scopes => !scopes.includes('view'), 'every session includes view already')
  .refine(scopes => new Set(scopes).size === scopes.length, 'a scope stands twice')

/** How a question for further scopes was answered. `unheard`: while the relay was away; the device's receipt has it. */
const FURTHER_ANSWERS = ['granted', 'denied', 'timeout', 'not-shown', 'withdrawn', 'unheard'] as const
export const furtherAnswerSchema = z.enum(FURTHER_ANSWERS)
export type FurtherAnswer = z.infer<typeof furtherAnswerSchema>

/** A set of scopes without repeats; `view` is part of every session. */
export const scopesSchema = z
  .array(scopeSchema)
  .min(1)
  .max(SCOPES.length)
  .refine(scopes => scopes.includes('view'), 'every session includes view')
  .refine(scopes => new Set(scopes).size === scopes.length, 'a scope stands twice')
