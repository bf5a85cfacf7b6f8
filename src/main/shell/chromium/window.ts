import { readFile } from 'node:fs/promises'
import { SEND_BINDING } from '#ipc/chromium-globals.ts'
import type { EventName, IpcContract } from '#ipc/contract.ts'
import { createDispatcher, encodeEvent, type RefusalListener } from '#ipc/dispatch.ts'
import { readPageFile } from '../page-files.ts'
import type { Resources } from '../resources.ts'
import { isNavigationAllowed, isSamePage, ORIGINS, pageUrl } from '../security.ts'
import { ShellError, type ShellWindow, type ViewName, type WindowOptions } from '../shell.ts'
import { attachPage } from './attach.ts'
import type { Browser } from './browser.ts'
import type { CdpSession } from './cdp.ts'
import { createPageBridge } from './page-bridge.ts'
import { serveNothing, servePages } from './page-server.ts'
import { createPlacement } from './placement.ts'
import { MISSING } from './start-page.ts'

interface WindowParts {
  readonly browser: Browser
  readonly resources: Resources
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onRefused: RefusalListener
}

/** Turns a starting browser into a window on `options.view`. The browser is closed when this rejects. */
export async function openChromiumWindow<C extends IpcContract>(
  options: WindowOptions<C>,
  parts: WindowParts,
): Promise<ShellWindow<C>> {
  try {
    return await open(options, parts)
  } catch (thrown) {
    await parts.browser.close()
    if (thrown instanceof ShellError) throw thrown
    throw new ShellError('browser-failed', 'Chromium ended while its window opened. Try again.', { cause: thrown })
  }
}

async function open<C extends IpcContract>(options: WindowOptions<C>, parts: WindowParts): Promise<ShellWindow<C>> {
  const { view, contract, handlers, bounds, mayClose } = options
  const { browser, resources, env, onRefused } = parts
  const files = readBuilt(view, !browser.start.isWholeView, resources)
  // It is awaited after the browser; until then nobody would see that it failed.
  files.catch(() => undefined)
  const { session: page, targetId } = await attachPage(browser)
  const preload = await files

  const { start } = browser
  const home = start.isWholeView
    ? { url: start.url, preload, asksToClose: mayClose !== undefined }
    : { url: pageUrl('chromium', view), preload: undefined }
  const bridge = createPageBridge(page, home, targetId, createDispatcher(contract, handlers, onRefused))
  const leave = () => void browser.close()
  page.on('Inspector.targetCrashed', leave)
  browser.cdp.on('Target.detachedFromTarget', ({ sessionId }) => {
    if (sessionId === page.id) leave()
  })
  let scale: Promise<number> | undefined
  const readScale = () => {
    scale ??= pageScale(page)
    return scale
  }
  const placement = createPlacement({
    browser,
    scale: readScale,
    targetId,
    env,
    isAlwaysOnTop: options.alwaysOnTop === true,
    onCovered: options.onCovered,
  })
  const placed = bounds.x === undefined ? undefined : placement.setBounds(bounds)
  if (start.isWholeView) stayOnStart(browser, page, targetId, leave, mayClose)
  else await goHome(page, view, targetId, preload, resources)
  await placed

  const closed = browser.exited.then(() => placement.release())
  return {
    emit: <K extends EventName<C>>(event: K, payload: Parameters<ShellWindow<C>['emit']>[1]) =>
      bridge.deliver(encodeEvent(contract, event, payload as never)),
    setFullScreen: on => placement.setFullScreen(on),
    cover: () => placement.cover(),
    setBounds: next => placement.setBounds(next),
    scale: readScale,
    stayAt: place => placement.stayAt(place),
    focus: async () => {
      if (!(await placement.takeKeyboard())) await page.send('Page.bringToFront').catch(() => undefined)
    },
    giveKeyboardBack: () => placement.giveKeyboardBack(),
    close: () => browser.close(),
    closed,
  }
}

async function pageScale(page: CdpSession): Promise<number> {
  try {
    const { result } = await page.send('Runtime.evaluate', { expression: 'devicePixelRatio', returnByValue: true })
    return typeof result.value === 'number' && result.value > 0 ? result.value : 1
  } catch {
    return 1
  }
}

/**
 * The browser started on the page, so all that is left is to take charge of it. Nothing is awaited: the page waits for its bridge, and the
 * caller holds the window before the page can say a word. Whatever leads away from the page, or can't be set up, ends the browser.
 */
function stayOnStart(
  browser: Browser,
  page: CdpSession,
  targetId: string,
  leave: () => void,
  mayClose: (() => Promise<boolean>) | undefined,
): void {
  const { url } = browser.start
  serveNothing(page, url)
  // Whether the page had arrived can't be asked: when it was there before we were, nothing told of it. So no other document is excused.
  page.on('Page.frameNavigated', ({ frame }) => {
    if (frame.id === targetId && !isSamePage(url, frame.url)) leave()
  })
  page.on('Page.javascriptDialogOpening', async ({ type }) => {
    const accept = type === 'beforeunload' && (browser.isClosing || (await mayClose?.().catch(() => false)) === true)
    page.send('Page.handleJavaScriptDialog', { accept }).catch(() => undefined)
  })
  const takeCharge = () =>
    Promise.all([
      page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
      page.send('Runtime.enable'),
      page.send('Page.enable'),
      page.send('Inspector.enable'),
    ]).catch(leave)
  void takeCharge()
  // Most of that is the renderer's own state, and the first page may just be changing its renderer. The browser itself tells when a page has
  // come, this one or another; saying everything again changes nothing where it was heard.
  browser.cdp.on('Target.targetInfoChanged', ({ targetInfo }) => {
    if (targetInfo.targetId !== targetId || targetInfo.url === '') return
    if (isSamePage(url, targetInfo.url)) void takeCharge()
    else leave()
  })
  Promise.all([
    browser.cdp.send('Target.setDiscoverTargets', { discover: true }),
    browser.cdp.send('Browser.setDownloadBehavior', { behavior: 'deny' }),
  ]).catch(leave)
}

/** Leads the empty page of the start to the view's own. Rejects when that can't be served. */
async function goHome(
  page: CdpSession,
  view: ViewName,
  targetId: string,
  preload: string,
  resources: Resources,
): Promise<void> {
  const url = pageUrl('chromium', view)
  servePages(page, view, targetId, resources.renderer)
  let hasArrived = false
  page.on('Page.frameNavigated', ({ frame }) => {
    if (frame.id !== targetId) return
    const isHome = isNavigationAllowed('chromium', view, frame.url)
    // What interception never sees (about:blank, blob:) is undone here; no bridge answers there. The blank page of the start stays alone.
    if (!isHome && hasArrived) page.send('Page.navigate', { url }).catch(() => undefined)
    hasArrived ||= isHome
  })
  // Preload and binding are the renderer's own state. A navigation that changes its process takes along what the browser has been told of
  // by then, so all of it must be acknowledged before the navigation starts; sending in order isn't enough.
  await Promise.all([
    page.send('Inspector.enable'),
    page.send('Page.enable'),
    page.send('Runtime.enable'),
    page.send('Runtime.addBinding', { name: SEND_BINDING }),
    page.send('Page.addScriptToEvaluateOnNewDocument', { source: preload }),
    page.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] }),
  ])
  const navigation = await page.send('Page.navigate', { url })
  if (navigation.errorText)
    throw new ShellError('renderer-missing', MISSING, { cause: new Error(navigation.errorText) })
}

/** The preload, once the page is known to be there too. */
async function readBuilt(view: ViewName, isPageServed: boolean, resources: Resources): Promise<string> {
  const [page, preload] = await Promise.all([
    isPageServed ? readPageFile(resources.renderer, ORIGINS.chromium, pageUrl('chromium', view)) : true,
    readFile(resources.preload('chromium', view), 'utf8').catch(() => undefined),
  ])
  if (page === undefined || preload === undefined) throw new ShellError('renderer-missing', MISSING)
  return preload
}
