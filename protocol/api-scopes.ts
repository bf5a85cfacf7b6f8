import { z } from 'zod'

/** What an API key can be allowed to do. None of them reaches credentials, roles or keys: those take a person. */
export const API_SCOPES = [
  'devices:read',
  'devices:write',
  'sessions:read',
  'sessions:write',
  'audit:read',
  'people:read',
] as const
export const apiScopeSchema = z.enum(API_SCOPES)
export type ApiScope = z.infer<typeof apiScopeSchema>
