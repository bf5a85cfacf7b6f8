import { z } from 'zod'
import { signalSchema } from '#protocol/wire/signal.ts'
import type { IpcContract } from './contract.ts'
import { icePaths, sessionTabSchema, ticketSchema } from './operator.ts'

/** One display of a session in a window of its own. The session is the operator window's; this one has a picture of it and nothing more. */
export const displayContract = {
  calls: {
    /** Says too that the window is there: the device is asked for the picture then. */
    snapshot: {
      args: z.void(),
      result: z.object({ tab: sessionTabSchema, displayName: z.string().max(64), paths: icePaths.nullable() }),
    },
    /** From this window's peer to the agent's. */
    sendSignal: { args: z.strictObject({ ticket: ticketSchema, signal: signalSchema }), result: z.void() },
    setFullScreen: { args: z.strictObject({ on: z.boolean() }), result: z.void() },
  },
  events: {
    tabChanged: sessionTabSchema,
    pathsChanged: icePaths,
    /** From the agent's peer to this window's. */
    signalReceived: z.object({ ticket: ticketSchema, signal: signalSchema }),
  },
} as const satisfies IpcContract
export type DisplayContract = typeof displayContract
