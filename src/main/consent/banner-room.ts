import type { ConsentState } from '#ipc/consent.ts'
import { isTool } from '#protocol/tools/tools.ts'

type Banner = Extract<ConsentState, { name: 'banner' }>

/** What a banner needs: how many lines more than the usual three, and how much beneath the strip. */
export interface BannerRoom {
  readonly moreLines: number
  readonly beneath: number
}

const CHAT_HEIGHT = 320
/** A question for more with its title, warning, buttons and the time that is left. */
const FURTHER_HEIGHT = 246
/** Who joins says why, and has a sentence about the two of them and numbers to read out. */
const JOIN_HEIGHT = 410
/** One scope with its switch. */
const ROW_HEIGHT = 37
/** What is said beneath a list with control and tools, once control is switched off. */
const HINT_HEIGHT = 28
/** With more than these the list scrolls. */
const ROWS = { least: 2, most: 7 }

/** The strip grows by what it has to say besides who, since when and what: nothing of it may be cut off. */
export function roomOf(
  { unasked, others = [], watchers, isRecording, further }: Omit<Banner, 'name' | 'language'>,
  hasChat: boolean,
): BannerRoom {
  const more = [unasked !== undefined, others.length > 0, watchers.length > 0, isRecording]
  const beneath = further ? questionHeight(further) : hasChat ? CHAT_HEIGHT : 0
  return { moreLines: more.filter(Boolean).length, beneath }
}

function questionHeight({ joins, scopes }: NonNullable<Banner['further']>): number {
  const rows = Math.min(Math.max(scopes.length, ROWS.least), ROWS.most)
  const hint = scopes.includes('control') && scopes.some(isTool) ? HINT_HEIGHT : 0
  return (joins ? JOIN_HEIGHT : FURTHER_HEIGHT) + rows * ROW_HEIGHT + hint
}
