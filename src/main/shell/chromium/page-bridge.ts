import { RECEIVE_FUNCTION, SEND_BINDING } from '#ipc/chromium-globals.ts'
import type { Dispatcher } from '#ipc/dispatch.ts'
import { isSenderTrusted } from '../security.ts'
import type { CdpSession } from './cdp.ts'

const ASKING = "addEventListener('beforeunload', event => event.preventDefault())"

/** The window's own page, the only one that gets a bridge. */
export interface Home {
  readonly url: string
  /** Run in each document of the page that exists already or comes; `undefined` where the browser itself runs it in new documents. */
  readonly preload: string | undefined
  /** Whoever wants to close the window is told by a dialog of the browser's first, which main answers. */
  readonly asksToClose?: boolean
}

/** One loaded document of the main frame. */
interface Loaded {
  readonly contextId: number
  /** Unlike the other one, the same in no two renderer processes. */
  readonly uniqueId: string
  /** The preload's receiver as a handle of the browser; `undefined` when the document is gone or isn't the window's own page. */
  readonly receiver: Promise<string | undefined>
}

export interface PageBridge {
  /** Delivers one message to the loaded document, in order; does nothing while there is none. */
  deliver(message: string): void
}

/** Main's end of the bridge of `page`: calls of its main frame's own document go to `dispatcher`, everything else is ignored. */
export function createPageBridge(
  page: CdpSession,
  home: Home,
  mainFrameId: string,
  dispatcher: Dispatcher,
): PageBridge {
  let loaded: Loaded | undefined
  let last: Loaded | undefined
  // Nothing tells of the document that was there before we were; it says by itself which one it is.
  let navigatedTo: string | undefined

  page.on('Page.frameNavigated', ({ frame }) => {
    if (frame.id === mainFrameId) navigatedTo = frame.url
  })
  page.on('Runtime.executionContextCreated', ({ context }) => {
    const { isDefault, frameId } = (context.auxData ?? {}) as { isDefault?: boolean; frameId?: string }
    if (!isDefault || frameId !== mainFrameId) return
    const { id: contextId, uniqueId } = context
    // A browser that starts up may announce a document twice; its preload runs once.
    const earlier = last?.uniqueId === uniqueId ? last.receiver : Promise.resolve(undefined)
    const receiver = earlier.then(taken => taken ?? takeReceiver(page, home, uniqueId))
    loaded = last = { contextId, uniqueId, receiver }
  })
  page.on('Runtime.executionContextDestroyed', ({ executionContextId }) => {
    if (loaded?.contextId === executionContextId) loaded = undefined
  })
  page.on('Runtime.executionContextsCleared', () => {
    loaded = undefined
  })
  page.on('Runtime.bindingCalled', async ({ name, payload, executionContextId }) => {
    const caller = loaded
    if (name !== SEND_BINDING || caller?.contextId !== executionContextId) return
    // The document may call before its receiver has come back to us.
    const isHome = (await caller.receiver) !== undefined
    const url = isHome ? (navigatedTo ?? home.url) : undefined
    // Contexts of other frames never become `loaded`, so a known window is a main frame here.
    if (!isSenderTrusted(home.url, { url, isMainFrame: true, isKnownWindow: loaded === caller })) return
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

// `location` and its members are the browser's own and can't be replaced by a page, so what is compared is where the document really is.
async function takeReceiver(page: CdpSession, home: Home, uniqueContextId: string): Promise<string | undefined> {
  const expression = `(() => {
    if (location.href !== ${JSON.stringify(home.url)} + location.hash) return
    ${home.asksToClose ? ASKING : ''}
    ${home.preload ?? ''}
    const f = globalThis.${RECEIVE_FUNCTION}; delete globalThis.${RECEIVE_FUNCTION}; return f
  })()`
  try {
    // Bindings are the renderer's own state, and a browser that is loading its first page may just have changed the renderer.
    if (home.preload !== undefined) page.send('Runtime.addBinding', { name: SEND_BINDING }).catch(() => undefined)
    // A browser asks for nobody who hasn't done anything in the page yet.
    const userGesture = home.asksToClose === true
    const { result } = await page.send('Runtime.evaluate', { expression, uniqueContextId, silent: true, userGesture })
    return result.type === 'function' ? result.objectId : undefined
  } catch {
    return undefined
  }
}
