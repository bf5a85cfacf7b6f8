import type { CallHandlers, EventName, EventPayload, IpcContract } from '#ipc/contract.ts'

/** The views that a window can show; each has its own contract and its own preload. */
export type ViewName = 'operator' | 'display' | 'consent'

export interface WindowOptions<C extends IpcContract> {
  readonly view: ViewName
  readonly contract: C
  readonly handlers: CallHandlers<C>
  readonly title: string
  /** Pixels of the page, everywhere here: a display at 200 % has two of its own for each. Without `x` and `y` the system places the window. */
  readonly bounds: { readonly x?: number; readonly y?: number; readonly width: number; readonly height: number }
  readonly minimumSize?: { readonly width: number; readonly height: number }
  readonly alwaysOnTop?: boolean
  /** With `alwaysOnTop`: another window stands in front all the same, or it was hidden or pushed off the screen; or none of this holds any more. Never called where the system can't tell. */
  readonly onCovered?: (isCovered: boolean) => void
  /** Asked whenever somebody wants to close the window: a key of the browser's, the window manager, another program. Left out where they may. Killing it asks nobody. */
  readonly mayClose?: () => Promise<boolean>
}

/** One open window. Every method is safe after it closed and then does nothing. */
export interface ShellWindow<C extends IpcContract> {
  emit<K extends EventName<C>>(event: K, payload: EventPayload<C, K>): void
  setFullScreen(on: boolean): Promise<void>
  /** Over the whole monitor for as long as it is open; every press goes through it to what lies beneath. */
  cover(): Promise<void>
  setBounds(bounds: { x?: number; y?: number; width: number; height: number }): Promise<void>
  /** How many pixels of the display one of the page's is. */
  scale(): Promise<number>
  /** There and nowhere else from now on, as a bare rectangle: who moves or hides it finds it back. For a window that is `alwaysOnTop`. */
  stayAt(place: { x: number; y: number; width: number; height: number }): Promise<void>
  focus(): Promise<void>
  /** What is typed goes to the program again that the person worked in, if it comes here now. */
  giveKeyboardBack(): Promise<void>
  close(): Promise<void>
  /** Resolves once the window is gone, whoever closed it, a crash included. */
  readonly closed: Promise<void>
}

/** Small secrets in the operating system's own store, or the closest thing to it. */
export interface SecretStore {
  /** Where secrets are kept, in words for the person. */
  readonly description: string
  get(name: string): Promise<string | undefined>
  set(name: string, secret: string): Promise<void>
  delete(name: string): Promise<void>
}

/**
 * What the capabilities in `src/main` need of a desktop shell. `electron/` is the product; `chromium/` runs the same code
 * in Node with an installed Chromium, on machines without Electron's binary.
 */
export interface Shell {
  readonly kind: 'electron' | 'chromium'
  /** Rejects with a `ShellError` that says what is missing and what to do. */
  openWindow<C extends IpcContract>(options: WindowOptions<C>): Promise<ShellWindow<C>>
  readonly secrets: SecretStore
  /** Writes a new file where the person wants it. Resolves with its name, or with undefined when they chose none. */
  saveFile(file: {
    readonly suggestedName: string
    readonly contents: string | Uint8Array
  }): Promise<string | undefined>
  /** Shows a page of the web in the person's own browser. The caller has checked that it is one. Rejects with a `ShellError`. */
  openInBrowser(url: string): Promise<void>
  /** Closes every window and releases everything. Idempotent. */
  quit(): Promise<void>
  /** Resolves when the shell is gone: after `quit`, or when its browser died. */
  readonly gone: Promise<void>
}

export type ShellErrorCode = 'browser-missing' | 'browser-failed' | 'display-missing' | 'renderer-missing'

/** The desktop shell can't work here. `message` is for people and says the next step. */
export class ShellError extends Error {
  readonly code: ShellErrorCode

  constructor(code: ShellErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ShellError'
    this.code = code
  }
}
