/** Cuts a stream of bytes at NUL bytes into texts. A text longer than `maxBytes` throws a `RangeError`; the reader is of no use then. */
export function createNulReader(maxBytes: number, onText: (text: string) => void): (chunk: Buffer) => void {
  let parts: Buffer[] = []
  let size = 0
  return chunk => {
    let rest = chunk
    for (let end = rest.indexOf(0); end !== -1; end = rest.indexOf(0)) {
      const text = Buffer.concat([...parts, rest.subarray(0, end)])
      parts = []
      size = 0
      rest = rest.subarray(end + 1)
      if (text.length > maxBytes) throw new RangeError(`a message is longer than ${maxBytes} bytes`)
      onText(text.toString('utf8'))
    }
    size += rest.length
    if (size > maxBytes) throw new RangeError(`a message is longer than ${maxBytes} bytes`)
    if (rest.length > 0) parts.push(rest)
  }
}
