import type { ConsentContract } from '#ipc/consent.ts'
import type { Bridge } from '#ipc/contract.ts'
import type { OperatorContract } from '#ipc/operator.ts'

export type OperatorBridge = Bridge<OperatorContract>
export type ConsentBridge = Bridge<ConsentContract>

declare global {
  interface Window {
    /** Put there by the preload before the page's own script runs; which of the two it is depends on the page. */
    readonly handhold: unknown
  }
}

export const operatorBridge = (): OperatorBridge => window.handhold as OperatorBridge
export const consentBridge = (): ConsentBridge => window.handhold as ConsentBridge
