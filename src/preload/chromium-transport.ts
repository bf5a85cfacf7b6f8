import type { BridgeTransport } from '#ipc/checked-bridge.ts'
import { RECEIVE_FUNCTION, SEND_BINDING } from '#ipc/chromium-globals.ts'

/** Over the binding that main adds to the page. Takes the binding away, so that the page has the bridge and nothing below it. */
export function chromiumTransport(): BridgeTransport {
  const send: unknown = Reflect.get(globalThis, SEND_BINDING)
  Reflect.deleteProperty(globalThis, SEND_BINDING)
  if (typeof send !== 'function') throw new TypeError('the window has no way to main')
  return {
    send: message => void send(message),
    receive: listener =>
      // Main takes it away as soon as the document exists.
      void Object.defineProperty(globalThis, RECEIVE_FUNCTION, {
        value: (text: unknown) => listener(String(text)),
        enumerable: false,
        configurable: true,
      }),
  }
}
