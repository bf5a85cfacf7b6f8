import { RECEIVE_FUNCTION, SEND_BINDING } from '#ipc/chromium-globals.ts'
import type { Dispatcher } from '#ipc/dispatch.ts'
import { isSenderTrusted, ORIGINS } from '../security.ts'
import type { ViewName } from '../shell.ts'
import type { CdpSession } from './cdp.ts'

/** One loaded document of the page: the only thing that main listens to and speaks to. */
interface Loaded {
  readonly contextId: number
  /** The preload's receiver, as a handle of the browser. */
  readonly receiver: Promise<string | undefined>
}

export interface PageBridge {
  /** Delivers one message to the loaded document, in order; does nothing while there is none. */
  deliver(message: string): void
}

/** Main's end of the bridge of `page`: calls of its main frame's own document go to `dispatcher`, everything else is ignored. */
export function createPageBridge(
  page: CdpSession,
  view: ViewName,
  mainFrameId: string,
  dispatcher: Dispatcher,
): PageBridge {
  let loaded: Loaded | undefined
  let url: string | undefined

  page.on('Page.frameNavigated', ({ frame }) => {
    if (frame.id === mainFrameId) url = frame.url
  })
  page.on('Runtime.executionContextCreated', ({ context }) => {
    const { isDefault, frameId } = (context.auxData ?? {}) as { isDefault?: boolean; frameId?: string }
    if (!isDefault || frameId !== mainFrameId) return
    loaded =
      context.origin === ORIGINS.chromium
        ? { contextId: context.id, receiver: takeReceiver(page, context.uniqueId) }
        : undefined
  })
  page.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    if (loaded?.contextId === executionContextId) loaded = undefined
  })
  page.on('Runtime.executionContextsCleared', () => {
    loaded = undefined
  })
  page.on('Runtime.bindingCalled', async ({ name, payload, executionContextId }) => {
    const caller = loaded
    const isKnownWindow = name === SEND_BINDING && caller?.contextId === executionContextId
    // Contexts of other frames never become `loaded`, so a known window is a main frame here.
    if (!isSenderTrusted('chromium', view, { url, isMainFrame: true, isKnownWindow })) return
    const reply = await dispatcher.handle(payload)
    if (reply !== undefined && loaded === caller) deliver(reply)
  })

  function deliver(message: string): void {
    const target = loaded
    if (target === undefined) return
    void target.receiver.then(objectId => {
      if (objectId === undefined) return
      const call = {
        objectId,
        functionDeclaration: 'function (text) { this(text) }',
        arguments: [{ value: message }],
        silent: true,
      }
      // The document may be gone by now; then nobody waits for the message.
      page.send('Runtime.callFunctionOn', call).catch(() => undefined)
    })
  }

  return { deliver }
}

async function takeReceiver(page: CdpSession, uniqueContextId: string): Promise<string | undefined> {
  const expression = `(() => { const f = globalThis.${RECEIVE_FUNCTION}; delete globalThis.${RECEIVE_FUNCTION}; return f })()`
  try {
    const { result } = await page.send('Runtime.evaluate', { expression, uniqueContextId, silent: true })
    return result.type === 'function' ? result.objectId : undefined
  } catch {
    return undefined
  }
}
