import { assertNever } from '#protocol/assert-never.ts'
import { CHANNELS } from '#protocol/peer/channels.ts'
import {
  type OperatorControl,
  operatorControlSchema,
  type PictureSettings,
  type ViewRequest,
} from '#protocol/peer/control.ts'
import type { Scope } from '#protocol/session/scopes.ts'

/** What an operator may ask for on `control`, one duty each. */
export interface ControlHandlers {
  onWatching(watching: boolean, knowsStencils: boolean): void
  onDisplayChosen(displayId: string): void
  onPictureSettings(settings: PictureSettings): void
  onVideoAnswer(sdp: string): void
  onViewRequest(request: ViewRequest): void
  onTurnWished(wish: 'give' | 'take'): void
  onPing(sequence: number): void
  onEnd(): void
  /** What came is no message of `control`, or this session may not send any. Called for each one. */
  onRefused(): void
}

/** Hands one text message from `control` to the handler that it is for. */
export function dispatchControl(text: string, scopes: readonly Scope[], handlers: ControlHandlers): void {
  const message = parse(text)
  // The row's scope is checked for each message like every other channel's, though today every session has it.
  if (message && scopes.includes(CHANNELS.control.scope)) dispatch(message, handlers)
  else handlers.onRefused()
}

function dispatch(message: OperatorControl, handlers: ControlHandlers): void {
  switch (message.type) {
    case 'verified':
      // Said once more: it changes nothing.
      break
    case 'watching':
      handlers.onWatching(message.watching, message.stencils ?? false)
      break
    case 'select-display':
      handlers.onDisplayChosen(message.displayId)
      break
    case 'picture-settings':
      handlers.onPictureSettings(message)
      break
    case 'video-answer':
      handlers.onVideoAnswer(message.sdp)
      break
    case 'open-view':
    case 'view-signal':
    case 'close-view':
      handlers.onViewRequest(message)
      break
    case 'give-input':
      handlers.onTurnWished('give')
      break
    case 'take-input':
      handlers.onTurnWished('take')
      break
    case 'ping':
      handlers.onPing(message.sequence)
      break
    case 'end':
      handlers.onEnd()
      break
    default:
      assertNever(message)
  }
}

function parse(text: string): OperatorControl | undefined {
  try {
    return operatorControlSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}
