/** Encrypts what the database must not hold as it is, with a key that is kept outside of it. `purpose` is bound to the text and must be the same to open it. */
export interface Seal {
  seal(text: string, purpose: string): string
  /** Throws when the text was changed, or sealed for something else or with another key. */
  open(sealed: string, purpose: string): string
  /** The same for the same text and purpose. Whoever has only the database can't try texts out: short codes stay secret there. */
  digest(text: string, purpose: string): string
}
