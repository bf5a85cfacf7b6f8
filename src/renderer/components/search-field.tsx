import { Search } from 'lucide-react'
import { type RefObject, useEffect } from 'react'
import { Keys } from './keys.tsx'

/** The search of a list. `/` and Ctrl + F go to it, Escape clears it, the down arrow goes on to the list, Enter may open what was found. */
export function SearchField({
  label,
  value,
  onChange,
  onDown,
  onEnter,
  field,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  onDown: () => void
  onEnter?: () => void
  field: RefObject<HTMLInputElement | null>
}) {
  useSearchKeys(field)
  return (
    <label className="relative">
      <span className="sr-only">{label}</span>
      <Search aria-hidden size={14} className="pointer-events-none absolute top-2 left-2.5 text-muted" />
      <input
        ref={field}
        type="search"
        value={value}
        placeholder={label}
        maxLength={200}
        onChange={event => onChange(event.target.value)}
        onKeyDown={event => {
          if (event.key === 'Escape') onChange('')
          else if (event.key === 'ArrowDown') onDown()
          else if (event.key === 'Enter' && onEnter) onEnter()
          else return
          event.preventDefault()
        }}
        className="peer h-8 w-60 rounded-md border border-line-strong bg-surface pr-2 pl-8 text-sm focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0"
      />
      <span className="pointer-events-none absolute top-1 right-2 peer-focus:hidden peer-not-placeholder-shown:hidden">
        <Keys>/</Keys>
      </span>
    </label>
  )
}

function useSearchKeys(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const handle = (event: KeyboardEvent) => {
      // Hidden pages and pages behind a dialog keep their keys to themselves.
      if (!field.current?.checkVisibility() || document.querySelector('dialog[open]')) return
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select')
      const isFind = event.ctrlKey && event.key.toLowerCase() === 'f'
      if (!isFind && (event.key !== '/' || isTyping || event.ctrlKey || event.altKey)) return
      event.preventDefault()
      field.current.focus()
      field.current.select()
    }
    window.addEventListener('keydown', handle)
    return () => window.removeEventListener('keydown', handle)
  }, [field])
}
