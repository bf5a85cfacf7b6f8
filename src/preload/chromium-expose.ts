import { config } from 'zod'
import { createBridge } from '#ipc/bridge.ts'
import type { IpcContract } from '#ipc/contract.ts'
import { chromiumTransport } from './chromium-transport.ts'

/** Puts the bridge of `contract` on the window of the app's own page; does nothing in any other frame. */
export function exposeInChromium(contract: IpcContract): void {
  // Zod would try `new Function`, which the page's policy refuses and reports.
  config({ jitless: true })
  if (window.top !== window || location.protocol !== 'https:') return
  Object.defineProperty(window, 'handhold', { value: createBridge(contract, chromiumTransport()), enumerable: true })
}
