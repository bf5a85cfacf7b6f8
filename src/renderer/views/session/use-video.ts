import { type RefObject, useEffect } from 'react'
import type { Size } from '../../session/geometry.ts'

/**
 * Shows `track` in the video element and follows the size of its frames. The element carries `data-first-frame-ms`, the epoch
 * milliseconds at which the first frame of the track was shown.
 */
export function useVideo(
  element: RefObject<HTMLVideoElement | null>,
  track: MediaStreamTrack | null,
  onSize: (size: Size) => void,
  onPicture: (hasPicture: boolean) => void,
): void {
  useEffect(() => {
    const video = element.current
    if (!video || !track) return
    const readSize = () => onSize({ width: video.videoWidth, height: video.videoHeight })
    const frame = video.requestVideoFrameCallback(shownAtMs => {
      video.dataset.firstFrameMs = String(Math.round(performance.timeOrigin + shownAtMs))
      onPicture(true)
    })
    video.addEventListener('resize', readSize)
    video.srcObject = new MediaStream([track])
    // Refused while the page may not play by itself; the attribute then starts it with the first gesture.
    video.play().catch(() => undefined)
    return () => {
      video.cancelVideoFrameCallback(frame)
      video.removeEventListener('resize', readSize)
      video.srcObject = null
      onPicture(false)
    }
  }, [element, track, onSize, onPicture])
}
