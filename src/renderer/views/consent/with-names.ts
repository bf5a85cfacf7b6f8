import { element } from './element.ts'

const MARK = '\u0001'

/** A sentence with names in it, each of them strong. A name is only ever text, whatever stands in it. */
export function withNames(
  say: (names: Readonly<Record<string, string>>) => string,
  names: Readonly<Record<string, string>>,
): Node[] {
  const order = Object.keys(names)
  const marked = Object.fromEntries(order.map((key, index) => [key, `${MARK}${index}${MARK}`]))
  // Every second piece is the index of a name.
  return say(marked)
    .split(MARK)
    .map((piece, at) =>
      at % 2 === 0
        ? document.createTextNode(piece)
        : element('strong', {}, names[order[Number(piece)] as string] as string),
    )
}
