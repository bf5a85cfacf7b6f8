import { z } from 'zod'
import {
  deviceStatusBodySchema,
  enrolmentTokenBodySchema,
  enrolmentTokenReplySchema,
  enrolmentTokenRevokedSchema,
  enrolmentTokensReplySchema,
} from '#protocol/enrolment-http.ts'
import { deviceIdSchema, enrolmentTokenIdSchema, groupIdSchema } from '#protocol/ids.ts'
import { wholeList } from './whole-list.ts'

const device = z.strictObject({ deviceId: deviceIdSchema })

/** Devices as those see them who look after them, and how new ones come in. */
export const deviceCalls = {
  moveDevice: { args: device.extend({ groupId: groupIdSchema }), result: z.void() },
  setDeviceStatus: { args: device.extend(deviceStatusBodySchema.shape), result: z.void() },
  deleteDevice: { args: device, result: z.void() },
  enrolmentTokens: { args: z.void(), result: wholeList('tokens', enrolmentTokensReplySchema.shape.tokens.element) },
  createEnrolmentToken: { args: enrolmentTokenBodySchema, result: enrolmentTokenReplySchema },
  revokeEnrolmentToken: {
    args: z.strictObject({ enrolmentTokenId: enrolmentTokenIdSchema }),
    result: enrolmentTokenRevokedSchema,
  },
} as const
