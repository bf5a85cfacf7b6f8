import { CHANNEL_MESSAGE_MAX_BYTES } from '#protocol/limits.ts'

interface MessageSchema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false }
}

/** The value of one JSON message of a peer, or undefined where it is not one that `schema` knows. */
export function parseMessage<T>(data: unknown, schema: MessageSchema<T>): T | undefined {
  const text = textOf(data)
  if (text === undefined) return undefined
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}

/** Whether the message was handed to the channel; false where the channel isn't open. */
export function sendMessage(channel: RTCDataChannel | undefined, message: object): boolean {
  if (channel?.readyState !== 'open') return false
  channel.send(JSON.stringify(message))
  return true
}

function textOf(data: unknown): string | undefined {
  if (typeof data === 'string') return data.length <= CHANNEL_MESSAGE_MAX_BYTES ? data : undefined
  if (data instanceof ArrayBuffer && data.byteLength <= CHANNEL_MESSAGE_MAX_BYTES) return new TextDecoder().decode(data)
  return undefined
}
