import { type RefObject, useEffect, useRef } from 'react'
import type { InputSender } from '../../session/input-sender.ts'
import { actionOfKeyDown, isLeaveShortcut, isLocalShortcut, type KeyPress } from '../../session/keyboard.ts'
import type { SessionPreferences } from '../../stores/ui-store.ts'

interface KeyboardInputOptions {
  readonly sender: InputSender
  readonly preferences: SessionPreferences
  readonly isEnabled: boolean
  readonly onLeave: () => void
}

/**
 * Keys in the (invisible) text area go to the device. A text area and not a plain element, because input methods and dead keys only
 * compose where text can be written.
 */
export function useKeyboardInput(element: RefObject<HTMLTextAreaElement | null>, options: KeyboardInputOptions): void {
  const latest = useRef(options)
  latest.current = options

  useEffect(() => {
    const area = element.current
    if (!area) return
    const listeners = new AbortController()
    const { signal } = listeners

    const handleDown = (event: KeyboardEvent) => {
      const { sender, preferences, isEnabled, onLeave } = latest.current
      const press = pressOf(event)
      if (isLeaveShortcut(press)) {
        event.preventDefault()
        sender.releaseAll()
        onLeave()
        return
      }
      if (!isEnabled || (!preferences.sendsLocalShortcuts && isLocalShortcut(press))) return
      const action = actionOfKeyDown(press, preferences.keyboardMode)
      if (action.kind === 'compose') return
      event.preventDefault()
      event.stopPropagation()
      if (action.kind === 'text') sender.text(action.text)
      else if (action.kind === 'key') pressKey(sender, action)
    }
    const handleUp = (event: KeyboardEvent) => {
      if (!latest.current.isEnabled) return
      event.preventDefault()
      latest.current.sender.key(event.code, false)
    }
    // What an input method or a dead key has composed.
    const handleText = (event: InputEvent | CompositionEvent) => {
      if (event instanceof InputEvent && event.isComposing) return
      const text = event.data ?? ''
      area.value = ''
      if (text && latest.current.isEnabled) latest.current.sender.text(text)
    }
    const release = () => latest.current.sender.releaseAll()

    area.addEventListener('keydown', handleDown, { signal })
    area.addEventListener('keyup', handleUp, { signal })
    area.addEventListener('compositionend', handleText, { signal })
    area.addEventListener('input', event => handleText(event as InputEvent), { signal })
    area.addEventListener('paste', event => event.preventDefault(), { signal })
    area.addEventListener('blur', release, { signal })
    window.addEventListener('blur', release, { signal })
    window.addEventListener('pagehide', release, { signal })
    document.addEventListener('visibilitychange', release, { signal })
    return () => {
      listeners.abort()
      release()
    }
  }, [element])
}

function pressKey(sender: InputSender, { code, withShift }: { code: string; withShift: boolean }): void {
  // In text mode Shift is held back until a key needs it.
  if (withShift) sender.chord(['ShiftLeft', code])
  else sender.key(code, true)
}

const pressOf = (event: KeyboardEvent): KeyPress => ({
  code: event.code,
  key: event.key,
  repeat: event.repeat,
  isComposing: event.isComposing,
  ctrlKey: event.ctrlKey,
  altKey: event.altKey,
  metaKey: event.metaKey,
  shiftKey: event.shiftKey,
  isAltGraph: event.getModifierState('AltGraph'),
})
