import { Check } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ReactElement, ReactNode } from 'react'

/**
 * A menu under its button. Not modal: the modal form of the library locks scrolling with a style sheet that the page's policy refuses.
 * After a choice the focus goes to `focusAfter`, or back to the button.
 */
export function Menu({
  trigger,
  children,
  align = 'start',
  focusAfter,
}: {
  trigger: ReactElement
  children: ReactNode
  align?: 'start' | 'end'
  focusAfter?: () => void
}) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          onCloseAutoFocus={event => {
            if (!focusAfter) return
            event.preventDefault()
            focusAfter()
          }}
          className="z-50 min-w-44 rounded-md border border-line bg-raised p-1 text-sm shadow-float"
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}

const ITEM =
  'flex h-8 items-center justify-between gap-6 rounded px-2 outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-hover'

export function MenuItem({ onSelect, children }: { onSelect: () => void; children: ReactNode }) {
  return (
    <DropdownMenu.Item onSelect={onSelect} className={ITEM}>
      {children}
    </DropdownMenu.Item>
  )
}

export function MenuChoice<T extends string>({
  value,
  options,
  onChange,
}: {
  value: T
  options: readonly { value: T; label: string; note?: string }[]
  onChange: (value: T) => void
}) {
  return (
    <DropdownMenu.RadioGroup value={value}>
      {options.map(option => (
        <DropdownMenu.RadioItem
          key={option.value}
          value={option.value}
          onSelect={() => onChange(option.value)}
          className={ITEM}
        >
          <span className="flex items-center gap-2">
            <span className="w-4">
              <DropdownMenu.ItemIndicator>
                <Check aria-hidden size={14} />
              </DropdownMenu.ItemIndicator>
            </span>
            {option.label}
          </span>
          {option.note ? <span className="text-xs text-muted">{option.note}</span> : null}
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  )
}

export function MenuText({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className="px-2 py-1.5 text-xs text-muted">{children}</DropdownMenu.Label>
}

export const MenuLine = () => <DropdownMenu.Separator className="my-1 h-px bg-line" />
