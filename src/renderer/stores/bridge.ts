import type { ConsentContract } from '#ipc/consent.ts'
import type { Bridge } from '#ipc/contract.ts'
import type { DisplayContract } from '#ipc/display.ts'
import type { OperatorContract } from '#ipc/operator.ts'

export type OperatorBridge = Bridge<OperatorContract>
export type ConsentBridge = Bridge<ConsentContract>

declare global {
  interface Window {
    /** Put there by the preload, once and for all; which it is depends on the page. */
    readonly handhold: unknown
  }
}

export const displayBridge = (): Bridge<DisplayContract> => window.handhold as Bridge<DisplayContract>

export const operatorBridge = (): OperatorBridge => window.handhold as OperatorBridge

/** The consent page may be there before its preload, which says with this event that the bridge stands. */
const BRIDGE_EVENT = 'handhold'

export async function consentBridge(): Promise<ConsentBridge> {
  if (window.handhold === undefined)
    await new Promise(resolve => window.addEventListener(BRIDGE_EVENT, resolve, { once: true }))
  return window.handhold as ConsentBridge
}
