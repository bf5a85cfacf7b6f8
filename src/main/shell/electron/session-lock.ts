import { app, protocol, session, type WebContents } from 'electron'
import { readPageFile } from '../page-files.ts'
import {
  isNavigationAllowed,
  isPermissionAllowed,
  isWindowOpenAllowed,
  ORIGINS,
  SECURITY_HEADERS,
} from '../security.ts'
import type { ViewName } from '../shell.ts'

const views = new WeakMap<WebContents, ViewName>()

/** Says which view a window shows; a window that nobody named may do nothing. */
export function nameView(contents: WebContents, view: ViewName): void {
  views.set(contents, view)
}

/** Serves the built pages on the app's own scheme, and closes every other way in or out of a window. Call it once, when the app is ready. */
export function lockSession(renderer: string): void {
  protocol.handle('handhold-app', async request => {
    const file = request.method === 'GET' ? await readPageFile(renderer, ORIGINS.electron, request.url) : undefined
    if (file === undefined) return new Response(null, { status: 404, headers: SECURITY_HEADERS })
    return new Response(new Uint8Array(file.body), { headers: file.headers })
  })

  const { defaultSession } = session
  const mayUse = (contents: WebContents | null, permission: string): boolean => {
    const view = contents === null ? undefined : views.get(contents)
    return view !== undefined && isPermissionAllowed(view, permission)
  }
  defaultSession.setPermissionRequestHandler((contents, permission, answer) => answer(mayUse(contents, permission)))
  defaultSession.setPermissionCheckHandler((contents, permission) => mayUse(contents, permission))
  defaultSession.setDevicePermissionHandler(() => false)
  defaultSession.setDisplayMediaRequestHandler((_request, answer) => answer({}))
  defaultSession.on('will-download', event => event.preventDefault())
  // A packaged view has nothing to ask of a network; peers connect by WebRTC, which is no request.
  defaultSession.webRequest.onBeforeRequest((details, answer) =>
    answer({ cancel: app.isPackaged && !isOwnRequest(details.url) }),
  )

  app.on('web-contents-created', (_event, contents) => lockContents(contents))
}

function lockContents(contents: WebContents): void {
  const stay = (event: { preventDefault(): void; readonly url: string }) => {
    const view = views.get(contents)
    if (view === undefined || !isNavigationAllowed('electron', view, event.url)) event.preventDefault()
  }
  contents.on('will-navigate', stay)
  contents.on('will-frame-navigate', stay)
  contents.on('will-redirect', event => event.preventDefault())
  contents.on('will-attach-webview', event => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => ({ action: isWindowOpenAllowed(url) ? 'allow' : 'deny' }))
}

function isOwnRequest(url: string): boolean {
  return (
    url.startsWith(`${ORIGINS.electron}/`) ||
    url.startsWith(`blob:${ORIGINS.electron}/`) ||
    url.startsWith('data:image/')
  )
}
