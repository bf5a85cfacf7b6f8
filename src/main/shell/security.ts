import type { ViewName } from './shell.ts'

/**
 * Everything about the shells that keeps a view in its place, as data and pure decisions. Both shells take it from here, and the tests
 * hold it against what a real browser does.
 */

/** The only origins that exist for a view. `.invalid` never resolves (RFC 6761), so a page that escapes interception loads nothing. */
export const ORIGINS = { chromium: 'https://handhold.invalid', electron: 'handhold-app://app' } as const
export type ShellKind = keyof typeof ORIGINS

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "font-src 'self'",
  'media-src blob: mediastream:',
  "connect-src 'none'",
  "worker-src 'self'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  // One policy, which gives out one address: the script of the worker that draws a device's picture.
  'trusted-types screen-worker',
  // No popups, no modals, no downloads, no leaving. Forms stay allowed so that their submit event fires; `form-action` stops the rest.
  'sandbox allow-scripts allow-same-origin allow-forms allow-pointer-lock',
].join('; ')

/** The one policy for trusted types that such a page may make, and makes before anything else: it gives its own unpacked script. */
export const UNPACKING_POLICY = 'unpacked-script'

/**
 * The policy of a page that carries its scripts and styles in itself, as far as a page may state its own: no more than these hashes
 * (`'sha256-…'`). What only a header can say (sandbox, frame-ancestors) is the shell's to make up for: it closes every other page before
 * it runs, refuses downloads and dismisses dialogs.
 */
export function inlinePolicy(scripts: readonly string[], styles: readonly string[]): string {
  return [
    "default-src 'none'",
    `script-src ${scripts.join(' ') || "'none'"}`,
    `style-src ${styles.join(' ') || "'none'"}`,
    "img-src 'none'",
    "connect-src 'none'",
    "worker-src 'none'",
    "frame-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    `trusted-types ${UNPACKING_POLICY}`,
  ].join('; ')
}

/** With every page and every asset. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': [
    'camera=()',
    'clipboard-read=()',
    'display-capture=()',
    'geolocation=()',
    'hid=()',
    'microphone=()',
    'midi=()',
    'payment=()',
    'serial=()',
    'usb=()',
  ].join(', '),
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** Electron's web preferences of every window, complete: nothing here is left to a default that a later version may change. */
export const WEB_PREFERENCES = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  webviewTag: false,
  plugins: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
  spellcheck: false,
  enableWebSQL: false,
} as const

/** Electron's names of what a view may use without asking; everything else is denied without asking. */
export const ALLOWED_PERMISSIONS: Readonly<Record<ViewName, readonly string[]>> = {
  operator: ['clipboard-sanitized-write', 'fullscreen', 'keyboardLock', 'pointerLock'],
  display: ['fullscreen', 'keyboardLock', 'pointerLock'],
  consent: [],
}

/** Two peers on one network find each other by their addresses; mDNS names would need a responder on the device, which looks no name up for an operator. */
export const MDNS_NAMES_FEATURE = 'WebRtcHideLocalIpsWithMdns'

/** What the packager burns into Electron's binary (names of `FuseV1Options`). */
export const FUSES = {
  RunAsNode: false,
  EnableCookieEncryption: true,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  EnableEmbeddedAsarIntegrityValidation: true,
  OnlyLoadAppFromAsar: true,
  LoadBrowserProcessSpecificV8Snapshot: false,
  GrantFileProtocolExtraPrivileges: false,
} as const

export function pageUrl(shell: ShellKind, view: ViewName): string {
  return `${ORIGINS[shell]}/${view}.html`
}

/** A view may load its own page again and go nowhere else; a fragment is no navigation. */
export function isNavigationAllowed(shell: ShellKind, view: ViewName, url: string): boolean {
  return isSamePage(pageUrl(shell, view), url)
}

/** Whether `url` is `page`, with or without a fragment. */
export function isSamePage(page: string, url: string): boolean {
  return url === page || url.startsWith(`${page}#`)
}

/** No view ever opens a window. It is a function so that both shells ask the same place. */
export function isWindowOpenAllowed(_url: string): false {
  return false
}

export function isPermissionAllowed(view: ViewName, permission: string): boolean {
  return ALLOWED_PERMISSIONS[view].includes(permission)
}

export interface MessageSender {
  /** `undefined` where the shell can't tell; that is a refusal. */
  readonly url: string | undefined
  readonly isMainFrame: boolean
  /** The sender is the very window that the bridge was made for. */
  readonly isKnownWindow: boolean
}

/** Whether main listens to a message of a bridge at all. `page` is the address of the window's own page. */
export function isSenderTrusted(page: string, sender: MessageSender): boolean {
  return sender.isKnownWindow && sender.isMainFrame && sender.url !== undefined && isSamePage(page, sender.url)
}
