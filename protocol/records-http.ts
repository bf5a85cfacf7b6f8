import { z } from 'zod'
import { deviceStatusSchema } from './device-status.ts'
import { groupIdSchema, noteIdSchema, savedFilterIdSchema } from './ids.ts'
import { pageQuery, pageReply } from './page-http.ts'
import { displayLine } from './text.ts'
import { deviceInventorySchema } from './wire/inventory.ts'
import { deviceViewSchema, tagsSchema } from './wire/views.ts'

const nonBlank = (maxLength: number) => displayLine(maxLength).refine(line => line.length > 0, 'must not be blank')
const epochMs = z.number().int().nonnegative()

export const DEVICE_SORTS = ['name', 'status', 'seen', 'system'] as const
export type DeviceSort = (typeof DEVICE_SORTS)[number]

/** What narrows a list of devices. `groupId` is the group and everything beneath it; every word of `q` has to be somewhere in the record. */
const deviceFilterShape = {
  q: z.string().max(100).optional(),
  groupId: groupIdSchema.optional(),
  tag: z.string().min(1).max(40).optional(),
  status: deviceStatusSchema.optional(),
  platform: z.enum(['linux', 'win32', 'darwin', 'fake']).optional(),
  online: z.enum(['true', 'false']).optional(),
  sort: z.enum(DEVICE_SORTS).optional(),
  order: z.enum(['ascending', 'descending']).optional(),
}
export const deviceFilterSchema = z.strictObject(deviceFilterShape)
export type DeviceFilter = z.infer<typeof deviceFilterSchema>

/** GET /v1/devices */
export const devicesQuerySchema = z.strictObject({ ...deviceFilterShape, ...pageQuery })
/** More than this are not counted one by one. */
export const DEVICE_COUNT_MAX = 10_000
export const devicesReplySchema = z.object({
  devices: z.array(deviceViewSchema).max(200),
  /** How many there are in all, on the first page only; `DEVICE_COUNT_MAX` + 1 is more than that. */
  total: z.number().int().nonnegative().nullable(),
  ...pageReply,
})

/** GET /v1/devices/:deviceId/inventory; null where the device has said nothing yet. */
export const deviceInventoryReplySchema = z.object({
  inventory: deviceInventorySchema.nullable(),
  atMs: epochMs.nullable(),
})

/** PUT /v1/devices/:deviceId/tags */
export const deviceTagsBodySchema = z.strictObject({ tags: tagsSchema })
/** GET and POST /v1/devices/:deviceId/notes */
export const deviceNoteBodySchema = z.strictObject({ text: z.string().trim().min(1).max(2_000) })
export const deviceNoteReplySchema = z.object({ id: noteIdSchema })
export const deviceNotesReplySchema = z.object({
  notes: z.array(z.object({ id: noteIdSchema, author: z.string(), atMs: epochMs, text: z.string() })).max(200),
  ...pageReply,
})

/** GET /v1/devices/:deviceId/presence: newest first; `toMs` null is now. */
export const devicePresenceReplySchema = z.object({
  spans: z.array(z.object({ fromMs: epochMs, toMs: epochMs.nullable() })).max(200),
  ...pageReply,
})

/** GET and POST /v1/device-filters: each person's own. */
export const SAVED_FILTERS_MAX = 50
export const savedFilterBodySchema = z.strictObject({ name: nonBlank(60), filter: deviceFilterSchema })
export const savedFilterReplySchema = z.object({ id: savedFilterIdSchema })
export const savedFiltersReplySchema = z.object({
  filters: z
    .array(z.object({ id: savedFilterIdSchema, name: z.string(), filter: deviceFilterSchema }))
    .max(SAVED_FILTERS_MAX),
})

/** POST /v1/devices/:deviceId/wake, which has no body */
export const wakeReplySchema = z.object({
  /** Nothing was done: it is connected. */
  online: z.boolean(),
  /** Devices near it that have sent the packet. */
  neighbours: z.number().int().nonnegative(),
})
