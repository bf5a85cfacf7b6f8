/** In the place of an address: whichever it is. */
const ANY_ADDRESS = 0xffff

/** One entry of an Xauthority file (libXau's format, big-endian) that fits every address and display. */
export function authorityEntry(cookie: Uint8Array): Buffer {
  const number = (value: number) => Buffer.from([value >> 8, value & 0xff])
  const field = (bytes: Uint8Array) => Buffer.concat([number(bytes.length), bytes])
  const nothing = field(Buffer.alloc(0))
  return Buffer.concat([number(ANY_ADDRESS), nothing, nothing, field(Buffer.from('MIT-MAGIC-COOKIE-1')), field(cookie)])
}
