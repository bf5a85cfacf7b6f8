import { MDNS_NAMES_FEATURE } from '../security.ts'
import type { ViewName } from '../shell.ts'

export interface FlagOptions {
  readonly view: ViewName
  readonly profileFolder: string
  /** The first page. `about:blank` makes no app window. */
  readonly startUrl: string
  readonly size: { readonly width: number; readonly height: number }
  readonly position?: { readonly x: number; readonly y: number }
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** `undefined` where there are no user ids. */
  readonly uid: number | undefined
  readonly hasGpu: boolean
  /** Development only: the debugging protocol on this port of 127.0.0.1 too. */
  readonly debugPort?: number
}

const FEATURES_OFF = [
  'Translate',
  'MediaRouter',
  'OptimizationHints',
  'AutofillServerCommunication',
  MDNS_NAMES_FEATURE,
]

/** A renderer for the page after the first, which never comes. */
const CONSENT_FEATURES_OFF = ['SpareRendererForSitePerProcess']

/** The command line of one window's browser. */
export function browserFlags(options: FlagOptions): string[] {
  const { view, startUrl, size, position, platform, env, debugPort } = options
  const isConsent = view === 'consent'
  const flags = [
    '--remote-debugging-pipe',
    `--app=${startUrl}`,
    `--user-data-dir=${options.profileFolder}`,
    `--window-size=${size.width},${size.height}`,
    '--no-first-run',
    '--no-default-browser-check',
    '--disable-background-networking',
    '--disable-breakpad',
    '--disable-component-extensions-with-background-pages',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-domain-reliability',
    '--disable-extensions',
    '--disable-field-trial-config',
    '--disable-quic',
    '--disable-search-engine-choice-screen',
    '--disable-sync',
    '--metrics-recording-only',
    '--password-store=basic',
    '--autoplay-policy=no-user-gesture-required',
    `--disable-features=${[...FEATURES_OFF, ...(isConsent ? CONSENT_FEATURES_OFF : [])].join(',')}`,
  ]
  if (position !== undefined) flags.push(`--window-position=${position.x},${position.y}`)
  if (platform === 'linux' && env.DISPLAY) flags.push('--ozone-platform=x11')
  if (!options.hasGpu || isConsent) flags.push('--disable-gpu')
  // Processes that this page never needs (it draws little and loads nothing) would only cost the waiting person time.
  if (isConsent) flags.push('--in-process-gpu', '--enable-features=NetworkServiceInProcess2')
  // Chromium's sandbox refuses to run as root; the second flag keeps the warning about the first out of the window.
  if (options.uid === 0) flags.push('--no-sandbox', '--test-type')
  if (debugPort !== undefined)
    flags.push(`--remote-debugging-port=${debugPort}`, '--remote-debugging-address=127.0.0.1')
  return flags
}
