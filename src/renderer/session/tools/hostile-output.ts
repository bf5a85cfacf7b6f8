import type { IParser } from '@xterm/xterm'

/** The one member of a terminal that this needs. */
export interface WithParser {
  readonly parser: IParser
}

/**
 * What a device prints is the device's word, and a device may be hostile. Sequences that would write to the operator's clipboard, name their window, make a link,
 * recolour the terminal, or have it type an answer are taken out before they mean anything. Everything else is drawn.
 */
export function disarm(terminal: WithParser): void {
  const { parser } = terminal
  const swallow = () => true
  // 0–2 titles, 4–19 and 104–119 colours (which answer when asked), 7 folder, 8 links, 9 and 777 notices, 50 font, 52 clipboard, 99 notices, 133 and 633 marks, 1337 files
  for (const code of OSC) parser.registerOscHandler(code, swallow)
  for (const id of ANSWERING_CSI) parser.registerCsiHandler(id, swallow)
  for (const id of ANSWERING_DCS) parser.registerDcsHandler(id, swallow)
  // Focus reports would be typed whenever the window is clicked; set together with other modes they go together.
  parser.registerCsiHandler({ prefix: '?', final: 'h' }, params => params.flat().includes(FOCUS_REPORTS))
}

/** What is printed in the colour of its background, or near it, is drawn so that it can be read. Blocks and lines keep their colour, and concealed text stays blank. */
export const READABLE_CONTRAST = 4.5

const FOCUS_REPORTS = 1004
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const OSC = [0, 1, 2, ...range(4, 19), 22, 50, 52, 99, ...range(104, 119), 133, 633, 777, 1337]

const ANSWERING_CSI = [
  { final: 'c' },
  { prefix: '>', final: 'c' },
  { prefix: '=', final: 'c' },
  { final: 'n' },
  { prefix: '?', final: 'n' },
  { prefix: '>', final: 'q' },
  { final: 't' },
  { final: 'x' },
  { intermediates: '$', final: 'p' },
  { prefix: '?', intermediates: '$', final: 'p' },
  { prefix: '?', final: 'u' },
  { prefix: '?', final: 'S' },
]
const ANSWERING_DCS = [
  { intermediates: '$', final: 'q' },
  { intermediates: '+', final: 'q' },
  { intermediates: '+', final: 'p' },
]
