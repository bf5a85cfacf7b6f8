import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { ToolButton } from './tool-button.tsx'

/** What belongs to one row of a list, beside it. Escape closes it; the owner gives the focus back to the list. */
export function Drawer({
  title,
  subtitle,
  closeLabel,
  onClose,
  children,
  footer,
}: {
  title: string
  subtitle?: ReactNode
  closeLabel: string
  onClose: () => void
  children: ReactNode
  footer?: ReactNode
}) {
  const titleId = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row is another content to read from its start
  useEffect(() => heading.current?.focus(), [title])
  return (
    <aside
      aria-labelledby={titleId}
      onKeyDown={event => {
        // A dialog that was opened from here closes alone.
        const isInDialog = event.target instanceof Element && event.target.closest('dialog') !== null
        if (event.key !== 'Escape' || event.defaultPrevented || isInDialog) return
        event.preventDefault()
        onClose()
      }}
      className="flex w-[380px] shrink-0 flex-col border-t border-l border-line bg-raised"
    >
      <header className="flex items-start gap-2 border-b border-line py-3 pr-3 pl-5">
        <div className="min-w-0 flex-1">
          <h2
            id={titleId}
            ref={heading}
            tabIndex={-1}
            data-selectable
            className="line-clamp-3 text-base font-semibold break-words outline-none"
          >
            {title}
          </h2>
          {subtitle ? (
            <div data-selectable className="truncate text-muted">
              {subtitle}
            </div>
          ) : null}
        </div>
        <ToolButton label={closeLabel} shortcut="Esc" onClick={onClose}>
          <X aria-hidden size={15} />
        </ToolButton>
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-5 py-4">{children}</div>
      {footer ? <footer className="flex flex-wrap gap-2 border-t border-line px-5 py-3">{footer}</footer> : null}
    </aside>
  )
}

/** A part of a drawer with its own heading. */
export function DrawerPart({ title, children, action }: { title: string; children: ReactNode; action?: ReactNode }) {
  return (
    <section className="flex flex-col gap-2">
      <div className="flex min-h-7 items-center justify-between gap-2">
        <h3 className="font-semibold">{title}</h3>
        {action}
      </div>
      {children}
    </section>
  )
}

/** Names with their values, one a line; none for null. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-3 gap-y-1.5">
      {facts
        .filter(([, value]) => value !== null)
        .map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd data-selectable className="min-w-0 break-words">
              {value}
            </dd>
          </div>
        ))}
    </dl>
  )
}
