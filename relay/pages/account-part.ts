import { element } from './element.ts'

export interface Security {
  readonly hasPassword: boolean
  readonly totp: boolean
  readonly recoveryCodesLeft: number
}

/** One person's own part of the relay: how they sign in. */
export interface Account {
  readonly security: Security
  /** A request as this person. Where the relay wants a fresh proof, they sign in again. */
  call<T = void>(method: string, path: string, body?: unknown): Promise<T>
  /** Shows everything anew, under `title`. */
  refresh(title?: string): Promise<void>
}

export const part = (title: string, children: readonly (Node | string | null)[]) =>
  element('section', { attributes: { 'aria-label': title } }, [element('h2', {}, [title]), ...children])
