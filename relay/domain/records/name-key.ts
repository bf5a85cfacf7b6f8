import { foldText } from './search-tokens.ts'

const DIGITS = 12

/** By what names are ordered: without case, and numbers by their value, so that pc-2 stands before pc-10. */
export const nameKey = (name: string): string =>
  foldText(name)
    .replace(/\d+/g, digits => digits.replace(/^0+(?=\d)/, '').padStart(DIGITS, '0'))
    .slice(0, 400)
