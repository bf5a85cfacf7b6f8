import type { Protocol } from 'devtools-protocol'
import { readPageFile } from '../page-files.ts'
import { isNavigationAllowed, ORIGINS } from '../security.ts'
import type { ViewName } from '../shell.ts'
import type { CdpSession } from './cdp.ts'

type Paused = Protocol.Fetch.RequestPausedEvent

/** Refuses every request of a page that needs none; only its own document may be loaded again. */
export function serveNothing(page: CdpSession, homeUrl: string): void {
  page.on('Fetch.requestPaused', ({ requestId, request, resourceType }) => {
    const isReload = resourceType === 'Document' && request.url === homeUrl
    const answer = isReload
      ? page.send('Fetch.continueRequest', { requestId })
      : page.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
    answer.catch(() => undefined)
  })
}

/**
 * Answers every request of a page from the built files below `root`; nothing ever reaches a network.
 * A navigation to anywhere else is answered with "no content", which leaves the page where it is.
 */
export function servePages(page: CdpSession, view: ViewName, mainFrameId: string, root: string): void {
  page.on('Fetch.requestPaused', paused => {
    // A page that is gone no longer wants its answer.
    answer(paused).catch(() => undefined)
  })

  async function answer({ requestId, request, resourceType, frameId }: Paused): Promise<void> {
    if (resourceType === 'Document') {
      if (frameId !== mainFrameId || request.method !== 'GET') return fail(requestId)
      if (!isNavigationAllowed('chromium', view, request.url)) {
        await page.send('Fetch.fulfillRequest', { requestId, responseCode: 204 })
        return
      }
    }
    const file = request.method === 'GET' ? await readPageFile(root, ORIGINS.chromium, request.url) : undefined
    if (file === undefined) return fail(requestId)
    await page.send('Fetch.fulfillRequest', {
      requestId,
      responseCode: 200,
      responseHeaders: Object.entries(file.headers).map(([name, value]) => ({ name, value })),
      body: file.body.toString('base64'),
    })
  }

  async function fail(requestId: string): Promise<void> {
    await page.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' })
  }
}
