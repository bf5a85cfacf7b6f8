// The globals that browsers and Node share and that this folder needs; all other DOM and Node types stay absent here.
declare class TextEncoder {
  encode(text: string): Uint8Array
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string
}
declare const crypto: {
  readonly subtle: { digest(algorithm: 'SHA-256', data: Uint8Array): Promise<ArrayBuffer> }
}
declare class URL {
  constructor(url: string)
  readonly protocol: string
  readonly hostname: string
  readonly port: string
}
