import { activityCalls } from './activity.ts'
import { deviceCalls } from './devices.ts'
import { organisationCalls } from './organisation.ts'
import { peopleCalls } from './people.ts'
import { policyCalls } from './policy.ts'
import { scriptLibraryCalls, scriptRunCalls } from './scripts.ts'
import { trustCalls } from './trust.ts'
import { webhookCalls } from './webhooks.ts'

/**
 * Administration: one call for each thing that can be done, never a path of the relay. What somebody may not do the relay refuses, whatever this
 * window shows them.
 */
export const adminCalls = {
  ...peopleCalls,
  ...organisationCalls,
  ...policyCalls,
  ...deviceCalls,
  ...activityCalls,
  ...webhookCalls,
  ...trustCalls,
  ...scriptLibraryCalls,
  ...scriptRunCalls,
} as const
export type AdminCalls = typeof adminCalls
export const adminCallNames = Object.keys(adminCalls) as (keyof AdminCalls)[]
