// What Chromium has and TypeScript's DOM library doesn't know yet.
interface MediaStreamTrackProcessor {
  readonly readable: ReadableStream<VideoFrame>
}
declare const MediaStreamTrackProcessor:
  | (new (options: {
      track: MediaStreamTrack
      maxBufferSize?: number
    }) => MediaStreamTrackProcessor)
  | undefined

interface DedicatedWorkerGlobalScope {
  onmessage: ((event: MessageEvent) => void) | null
  postMessage(message: unknown, transfer?: Transferable[]): void
  requestAnimationFrame(callback: (nowMs: number) => void): number
}

interface TrustedTypePolicy {
  createScriptURL(url: string): URL
}
interface Window {
  readonly trustedTypes?: {
    createPolicy(name: string, rules: { createScriptURL(url: string): string }): TrustedTypePolicy
  }
}
