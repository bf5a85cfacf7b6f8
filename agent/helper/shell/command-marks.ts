export interface CommandMark {
  readonly exitCode: number
  readonly command: string
}

const START = '\u001b]697;'
const END = '\u0007'
const MARK_MAX = 4096

/** Finds in a shell's output what its prompt said about the last command. What is typed there is the shell's word: it is a help for readers and no proof. */
export class CommandMarks {
  #pending = ''

  push(text: string): CommandMark[] {
    let rest = this.#pending + text
    const marks: CommandMark[] = []
    for (;;) {
      const start = rest.indexOf(START)
      if (start < 0) {
        // The beginning of a mark may be the end of this text.
        this.#pending = rest.slice(-(START.length - 1))
        return marks
      }
      const end = rest.indexOf(END, start)
      if (end < 0) {
        this.#pending = rest.length - start > MARK_MAX ? '' : rest.slice(start)
        return marks
      }
      const mark = parseMark(rest.slice(start + START.length, end))
      if (mark) marks.push(mark)
      rest = rest.slice(end + 1)
    }
  }
}

function parseMark(text: string): CommandMark | undefined {
  // Windows' codes have 32 bits, and may have a sign.
  const match = /^(-?\d{1,10});\$?'\s*\d*\*?\s+(.*)'$/s.exec(text)
  if (!match) return undefined
  return { exitCode: Number(match[1]), command: (match[2] ?? '').replaceAll("'\\''", "'").slice(0, 300) }
}
