import { clsx } from 'clsx'
import { type Ref, useRef, useState } from 'react'
import { layoutPicture, pictureSize, type Size } from '../../session/geometry.ts'
import type { InputSender } from '../../session/input-sender.ts'
import type { PeerView } from '../../stores/peer-store.ts'
import type { SessionPreferences } from '../../stores/ui-store.ts'
import { liveStrings as strings } from './strings.ts'
import { useKeyboardInput } from './use-keyboard-input.ts'
import { usePointerInput } from './use-pointer-input.ts'
import { useVideo } from './use-video.ts'
import { useViewport } from './use-viewport.ts'

/** The device's screen. Pointer and keyboard on it are the device's while `canControl`. */
export function Picture(props: {
  /** The element that takes the keyboard. */
  ref: Ref<HTMLTextAreaElement>
  deviceName: string
  peer: PeerView | undefined
  preferences: SessionPreferences
  sender: InputSender
  canControl: boolean
  isShown: boolean
  onLeave: () => void
  onPicture: (hasPicture: boolean) => void
}) {
  const { peer, preferences, sender, canControl } = props
  const viewportElement = useRef<HTMLDivElement>(null)
  const videoElement = useRef<HTMLVideoElement>(null)
  const keyboard = useRef<HTMLTextAreaElement>(null)
  const [videoSize, setVideoSize] = useState<Size>({ width: 0, height: 0 })
  const { viewport, devicePixelRatio } = useViewport(viewportElement)
  useVideo(videoElement, peer?.track ?? null, setVideoSize, props.onPicture)

  const display = peer?.displays?.displays.find(candidate => candidate.id === peer.displays?.selectedId)
  const picture = pictureSize(display, videoSize)
  const box = picture.width > 0 ? layoutPicture(viewport, picture, preferences.zoom, devicePixelRatio) : undefined
  usePointerInput(viewportElement, videoElement, { sender, picture, isEnabled: canControl, keyboard })
  useKeyboardInput(keyboard, { sender, preferences, isEnabled: canControl, onLeave: props.onLeave })

  return (
    <div
      ref={viewportElement}
      data-testid="viewport"
      className={clsx(
        'absolute inset-0 touch-none bg-stage has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:-outline-offset-2 has-[textarea:focus-visible]:outline-accent',
        preferences.zoom === 'actual' ? 'overflow-auto' : 'overflow-hidden',
      )}
    >
      <video
        ref={videoElement}
        aria-label={strings.picture(props.deviceName)}
        muted
        autoPlay
        playsInline
        disablePictureInPicture
        className={clsx('absolute max-w-none object-fill', !box && 'invisible')}
        style={{ ...box, cursor: canControl ? (peer?.cursor ?? 'default') : 'default' }}
      />
      <textarea
        ref={element => {
          keyboard.current = element
          if (typeof props.ref === 'function') props.ref(element)
          else if (props.ref) props.ref.current = element
        }}
        aria-label={strings.keyboardInput(props.deviceName)}
        aria-description={strings.leaveHint}
        readOnly={!canControl}
        autoCapitalize="off"
        autoCorrect="off"
        autoComplete="off"
        spellCheck={false}
        className="sticky top-0 left-0 block size-px resize-none opacity-0 outline-none"
      />
    </div>
  )
}
