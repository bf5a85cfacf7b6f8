import { z } from 'zod'
import {
  deviceStatusBodySchema,
  enrolmentTokenBodySchema,
  enrolmentTokenReplySchema,
  enrolmentTokenRevokedSchema,
  enrolmentTokensReplySchema,
} from '#protocol/enrolment-http.ts'
import {
  deviceIdSchema,
  enrolmentTokenIdSchema,
  groupIdSchema,
  noteIdSchema,
  savedFilterIdSchema,
} from '#protocol/ids.ts'
import { pageQuery } from '#protocol/page-http.ts'
import {
  deviceInventoryReplySchema,
  deviceNoteBodySchema,
  deviceNoteReplySchema,
  deviceNotesReplySchema,
  devicePresenceReplySchema,
  deviceTagsBodySchema,
  savedFilterBodySchema,
  savedFilterReplySchema,
  savedFiltersReplySchema,
  wakeReplySchema,
} from '#protocol/records-http.ts'
import { deviceReplySchema } from '#protocol/sessions-http.ts'
import { wholeList } from './whole-list.ts'

const device = z.strictObject({ deviceId: deviceIdSchema })
const pageOfDevice = device.extend({ cursor: pageQuery.cursor })

/** Devices as those see them who look after them, and how new ones come in. */
export const deviceCalls = {
  moveDevice: { args: device.extend({ groupId: groupIdSchema }), result: z.void() },
  setDeviceStatus: { args: device.extend(deviceStatusBodySchema.shape), result: z.void() },
  deleteDevice: { args: device, result: z.void() },
  deviceInventory: { args: device, result: deviceInventoryReplySchema },
  devicePresence: { args: pageOfDevice, result: devicePresenceReplySchema },
  deviceNotes: { args: pageOfDevice, result: deviceNotesReplySchema },
  addDeviceNote: { args: device.extend(deviceNoteBodySchema.shape), result: deviceNoteReplySchema },
  removeDeviceNote: { args: device.extend({ noteId: noteIdSchema }), result: z.void() },
  setDeviceTags: { args: device.extend(deviceTagsBodySchema.shape), result: z.void() },
  deviceAccess: { args: device, result: deviceReplySchema.pick({ unattendedOff: true }) },
  allowUnattended: { args: device, result: z.void() },
  wakeDevice: { args: device, result: wakeReplySchema },
  deviceFilters: { args: z.void(), result: savedFiltersReplySchema },
  saveDeviceFilter: { args: savedFilterBodySchema, result: savedFilterReplySchema },
  removeDeviceFilter: { args: z.strictObject({ filterId: savedFilterIdSchema }), result: z.void() },
  enrolmentTokens: { args: z.void(), result: wholeList('tokens', enrolmentTokensReplySchema.shape.tokens.element) },
  createEnrolmentToken: { args: enrolmentTokenBodySchema, result: enrolmentTokenReplySchema },
  revokeEnrolmentToken: {
    args: z.strictObject({ enrolmentTokenId: enrolmentTokenIdSchema }),
    result: enrolmentTokenRevokedSchema,
  },
} as const
