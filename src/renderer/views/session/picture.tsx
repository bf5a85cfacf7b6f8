import { clsx } from 'clsx'
import { type Ref, useRef } from 'react'
import { layoutPicture, pictureSize } from '../../session/geometry.ts'
import type { InputSender } from '../../session/input-sender.ts'
import type { PeerView } from '../../stores/peer-store.ts'
import type { SessionPreferences } from '../../stores/ui-store.ts'
import { DevicePointer } from './device-pointer.tsx'
import { liveStrings as strings } from './strings.ts'
import { useCanvas } from './use-canvas.ts'
import { useDevicePointer } from './use-device-pointer.ts'
import { useKeyboardInput } from './use-keyboard-input.ts'
import { usePointerInput } from './use-pointer-input.ts'
import { useViewport } from './use-viewport.ts'

const NO_SIZE = { width: 0, height: 0 }

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
}) {
  const { peer, preferences, sender, canControl } = props
  const viewportElement = useRef<HTMLDivElement>(null)
  const frameElement = useRef<HTMLDivElement>(null)
  const keyboard = useRef<HTMLTextAreaElement>(null)
  const { viewport, devicePixelRatio } = useViewport(viewportElement)
  useCanvas(frameElement, peer?.screen.canvas, {
    label: strings.picture(props.deviceName),
    cursor: canControl ? (peer?.cursor?.css ?? 'default') : 'default',
  })
  const devicePointer = useDevicePointer(peer?.pointer ?? null)

  const display = peer?.displays?.displays.find(candidate => candidate.id === peer.displays?.selectedId)
  const picture = pictureSize(display, peer?.size ?? NO_SIZE)
  const box = picture.width > 0 ? layoutPicture(viewport, picture, preferences.zoom, devicePixelRatio) : undefined
  usePointerInput(viewportElement, frameElement, {
    sender,
    picture,
    isEnabled: canControl,
    keyboard,
    onMove: devicePointer.handleOwnMove,
  })
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
      <div ref={frameElement} className={clsx('absolute', !box && 'invisible')} style={box}>
        {box && devicePointer.at && peer?.cursor?.picture ? (
          <DevicePointer at={devicePointer.at} image={peer.cursor.picture} scale={box.width / picture.width} />
        ) : null}
      </div>
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
