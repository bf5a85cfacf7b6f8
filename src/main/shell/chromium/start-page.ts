import { readFileSync } from 'node:fs'
import { pageDataUrl } from '../inline-page.ts'
import type { Resources } from '../resources.ts'
import { ShellError, type ViewName } from '../shell.ts'

/** What a browser shows first. */
export interface StartPage {
  readonly url: string
  /** The page is the view's own, complete in its address; otherwise it is empty and the window goes to the view once interception stands. */
  readonly isWholeView: boolean
}

export const MISSING = 'The app’s own pages are not built. Run "npm run build" and start again.'

/**
 * Somebody waits for `consent`: its browser starts on the finished page, which saves a navigation and the renderer process that it takes.
 * Synchronous, because the browser's start waits for it. Throws `renderer-missing`.
 */
export function startPage(view: ViewName, resources: Resources): StartPage {
  if (view !== 'consent') return { url: 'data:,', isWholeView: false }
  try {
    return { url: pageDataUrl(readFileSync(resources.inlinedPage(view))), isWholeView: true }
  } catch (thrown) {
    throw new ShellError('renderer-missing', MISSING, { cause: thrown })
  }
}
