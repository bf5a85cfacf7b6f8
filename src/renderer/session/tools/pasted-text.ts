/** Text from the clipboard as it may be typed: no control characters, so that nothing in it can end a bracketed paste or be a key. */
export const typeableText = (text: string): string => text.replaceAll(/\r\n?/g, '\n').replaceAll(CONTROLS, '')

/** How many commands a shell would make of it. */
export const linesOf = (text: string): number => text.replace(/\n+$/, '').split('\n').length

// Everything of C0 and C1 but tab and line end.
const CONTROLS = /(?![\t\n])\p{Cc}/gu
