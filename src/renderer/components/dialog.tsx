import { clsx } from 'clsx'
import { type ReactNode, useEffect, useId, useRef } from 'react'

/**
 * A modal dialog on the browser's own `<dialog>`: it keeps the focus inside and everything behind it inert, without styles injected
 * into the page. `onClose` is asked on Escape and on a click beside it; the owner removes the dialog.
 */
export function Dialog({
  title,
  onClose,
  children,
  className,
  isTitleHidden = false,
}: {
  title: string
  onClose: () => void
  children: ReactNode
  className?: string
  isTitleHidden?: boolean
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const element = dialog.current
    if (!element || element.open) return
    const before = document.activeElement
    element.showModal()
    return () => {
      element.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape is the keyboard's way and arrives as the cancel event
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      onCancel={event => {
        event.preventDefault()
        onClose()
      }}
      onClick={event => {
        if (event.target === dialog.current) onClose()
      }}
      className={clsx('m-auto rounded-lg border border-line bg-raised p-0 shadow-float', className ?? 'w-[460px]')}
    >
      <div className={isTitleHidden ? undefined : 'p-5'}>
        <h2 id={titleId} className={isTitleHidden ? 'sr-only' : 'mb-3 line-clamp-3 text-lg font-semibold break-words'}>
          {title}
        </h2>
        {children}
      </div>
    </dialog>
  )
}
