import { z } from 'zod'
import { endReasonSchema } from '../session/reasons.ts'
import { signalSchema } from '../wire/signal.ts'
import { companySchema } from './company.ts'

/** The display that is all of them, side by side as they stand on the device. */
export const ALL_DISPLAYS = 'all'

export const PICTURE_PRESETS = ['automatic', 'text', 'motion', 'low-bandwidth', 'custom'] as const
/** What a custom picture may ask for. */
export const PICTURE_RANGES = {
  framesPerSecond: { min: 1, max: 60 },
  kbps: { min: 50, max: 100_000 },
  scale: { min: 0.25, max: 1 },
} as const

/** As many displays may be shown in windows of their own. Each has a connection and an engine at the device. */
export const VIEWS_MAX = 8
const view = z.number().int().min(1).max(VIEWS_MAX)

const pixels = z.number().int().min(1).max(32_767)
/** Leaves room for the rest of a message of at most 16 KiB. */
const sdp = z.string().min(1).max(15_000)
const within = ({ min, max }: { min: number; max: number }) => z.number().min(min).max(max)

/** Operator → agent, JSON on `control`. */
export const operatorControlSchema = z.discriminatedUnion('type', [
  /** First, and only once the device's transcript was checked: until then both ends are silent. */
  z.object({ type: z.literal('verified') }),
  /** Whether anybody sees the picture; while nobody does, nothing is captured. */
  z.object({
    type: z.literal('watching'),
    watching: z.boolean(),
    /** This window knows STENCIL; one of an older app doesn't say so, and gets none. */
    stencils: z.boolean().optional(),
  }),
  /** One of the announced displays, or `ALL_DISPLAYS`. */
  z.object({ type: z.literal('select-display'), displayId: z.string().min(1).max(64) }),
  /** What the picture should be good at. The three limits belong to `custom`; one that is left out doesn't limit. */
  z.object({
    type: z.literal('picture-settings'),
    preset: z.enum(PICTURE_PRESETS),
    maxFramesPerSecond: within(PICTURE_RANGES.framesPerSecond).int().optional(),
    maxKbps: within(PICTURE_RANGES.kbps).int().optional(),
    scale: within(PICTURE_RANGES.scale).optional(),
  }),
  /** The answer to the last `video-offer`, with all candidates. */
  z.object({ type: z.literal('video-answer'), sdp }),
  /** One more picture of the same session, for a window of its own: another connection like this one, with a display of its own. A number that is in use takes the place of what it was. */
  z.object({ type: z.literal('open-view'), view, displayId: z.string().min(1).max(64) }),
  z.object({ type: z.literal('view-signal'), view, signal: signalSchema }),
  z.object({ type: z.literal('close-view'), view }),
  /** Mouse and keyboard go to the other operator, or come back to whoever was here first. Nothing changes where that can't be. */
  z.object({ type: z.literal('give-input') }),
  z.object({ type: z.literal('take-input') }),
  z.object({ type: z.literal('ping'), sequence: z.number().int().nonnegative() }),
  z.object({ type: z.literal('end') }),
])
export type OperatorControl = z.infer<typeof operatorControlSchema>

export type PictureSettings = Extract<OperatorControl, { type: 'picture-settings' }>

/** Why a picture is black, frozen or blurred. Each has words of its own at the operator. */
export const PICTURE_PROBLEMS = ['permission', 'display-asleep', 'secure-desktop', 'encoder-slow', 'link-slow'] as const
export type PictureProblem = (typeof PICTURE_PROBLEMS)[number]

/** Agent → operator, JSON on `control`. */
export const agentControlSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('displays'),
    selectedId: z.string().min(1).max(64),
    displays: z
      .array(z.object({ id: z.string().min(1).max(64), name: z.string().max(64), width: pixels, height: pixels }))
      .min(1)
      .max(16),
  }),
  /** Why there is no picture, or that there is one again. */
  z.object({ type: z.literal('screen'), state: z.enum(['live', 'unavailable']), message: z.string().max(300) }),
  /** What the screen engine does now; told again whenever it changes. Without `problem` there is none. */
  z.object({
    type: z.literal('engine'),
    mode: z.enum(['tiles', 'motion']),
    codec: z.string().min(1).max(32).optional(),
    targetKbps: z.number().int().nonnegative().max(10_000_000).optional(),
    problem: z.enum(PICTURE_PROBLEMS).optional(),
  }),
  /** Asks for a connection of its own for video, by a description with all its candidates. Each takes the place of the one before; no relay sees it. */
  z.object({ type: z.literal('video-offer'), sdp }),
  /** Frozen: the device heard nothing of the relay for 45 s, and takes no input until it does. */
  z.object({ type: z.literal('lease'), state: z.enum(['live', 'frozen']) }),
  /** Whether what is typed at the device comes to the person's own window: the operator's keys are dropped meanwhile, and their mouse isn't. */
  z.object({ type: z.literal('keyboard'), isPersons: z.boolean() }),
  z.object({ type: z.literal('view-signal'), view, signal: signalSchema }),
  /** The view's connection is gone, or there can't be one. */
  z.object({ type: z.literal('view-closed'), view }),
  /** Said from the moment on that there is another operator, and whenever something of it changes. */
  z.object({ type: z.literal('company'), people: companySchema }),
  z.object({ type: z.literal('pong'), sequence: z.number().int().nonnegative() }),
  z.object({ type: z.literal('ended'), reason: endReasonSchema }),
])
export type AgentControl = z.infer<typeof agentControlSchema>
export type EngineState = Extract<AgentControl, { type: 'engine' }>
export type ViewRequest = Extract<OperatorControl, { type: 'open-view' | 'view-signal' | 'close-view' }>
