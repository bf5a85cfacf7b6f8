import { paragraph, show } from './element.ts'

/** For a page that was opened without the part of its link that counts. */
export const showBrokenLink = () =>
  show('This link isn’t complete', [
    paragraph(
      'Open it as you got it, to its last character. If that doesn’t help, ask an administrator for a new one.',
    ),
  ])

/** A link that was used is worth nothing; it doesn't have to stay in the address and in the history. */
export const forgetLink = () => history.replaceState(null, '', location.pathname)
