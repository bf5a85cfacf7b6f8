import { ShellError } from '../shell.ts'
import type { Browser } from './browser.ts'
import type { CdpSession } from './cdp.ts'

const ATTACH_TIMEOUT_MS = 20_000

export interface AttachedPage {
  readonly session: CdpSession
  readonly targetId: string
}

/**
 * The page of the browser's one window. Every other page that ever opens, by a shortcut or a script, is closed before it runs.
 * Rejects with a `ShellError` when the browser can't show a window.
 */
export async function attachPage(browser: Browser): Promise<AttachedPage> {
  const { cdp } = browser
  const { promise, resolve } = Promise.withResolvers<AttachedPage>()
  let own: string | undefined
  cdp.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    const session = cdp.session(sessionId)
    if (targetInfo.type === 'page' && own === undefined) {
      own = targetInfo.targetId
      resolve({ session, targetId: targetInfo.targetId })
    } else if (targetInfo.type === 'page') {
      cdp.send('Target.closeTarget', { targetId: targetInfo.targetId }).catch(() => undefined)
      return
    }
    session.send('Runtime.runIfWaitingForDebugger').catch(() => undefined)
  })
  const timeout = Promise.withResolvers<never>()
  const timer = setTimeout(() => {
    timeout.reject(new ShellError('browser-failed', 'Chromium started but opened no window. Try again.'))
  }, ATTACH_TIMEOUT_MS)
  const died = browser.exited.then(({ stderr }): never => {
    throw exitError(stderr)
  })
  try {
    cdp
      .send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: true, flatten: true })
      .catch(() => undefined)
    return await Promise.race([promise, timeout.promise, died])
  } finally {
    clearTimeout(timer)
    died.catch(() => undefined)
  }
}

function exitError(stderr: string): ShellError {
  const cause = new Error(stderr)
  if (/(missing|open|connect).{0,20}(x server|x display|display|wayland)/i.test(stderr)) {
    return new ShellError(
      'display-missing',
      'The display can’t be opened. Check DISPLAY and XAUTHORITY of this desktop session.',
      { cause },
    )
  }
  return new ShellError('browser-failed', 'Chromium ended while it started. Start it once by hand to see why.', {
    cause,
  })
}
