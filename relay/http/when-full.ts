import type { onRequestAsyncHookHandler } from 'fastify'
import { HandholdError } from '#protocol/errors.ts'
import type { Services } from '../services.ts'

/** What is no GET and no DELETE and still works on a full disk: signing in and out, and what ends or shuts. */
const STILL_TAKEN = new Set([
  '/v1/sign-in',
  '/v1/sign-in/second-factor',
  '/v1/sign-in/passkey',
  '/v1/sign-in/passkey/options',
  '/v1/sign-out',
  '/v1/me/step-up',
  '/v1/sessions/:sessionId/end',
  '/v1/script-runs/:scriptRunId/cancel',
  '/v1/devices/:deviceId/status',
  '/v1/operators/:userId/sign-out',
  '/v1/operators/:userId/disable',
  // The organisation's key revokes by an order.
  '/v1/organisation-trust/orders',
])

/** New work waits while the disk is full: the last room on it is for ending and revoking. */
export const refuseNewWork =
  ({ storage }: Services): onRequestAsyncHookHandler =>
  async ({ method, routeOptions: { url } }) => {
    const isRead = method === 'GET' || method === 'HEAD' || method === 'DELETE'
    if (!storage.isFull || isRead || url === undefined || STILL_TAKEN.has(url)) return
    throw new HandholdError(
      'storage-full',
      'The disk of the relay is full. Nothing new is taken until there is room; ending and revoking still work.',
    )
  }
