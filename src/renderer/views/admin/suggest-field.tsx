import { useEffect, useId, useState } from 'react'
import { Field } from '../../components/field.tsx'
import { useDebounced } from '../use-debounced.ts'

export interface Suggestion {
  readonly id: string
  readonly text: string
}

/** A line that is completed from what the relay knows. `onPick` hears the one that is written out in full, and null for any other text. */
export function SuggestField(props: {
  label: string
  placeholder: string
  /** The few that fit; it is another function only when it asks something else. */
  suggest: (text: string) => Promise<readonly Suggestion[]>
  onPick: (id: string | null) => void
}) {
  const { label, placeholder, suggest, onPick } = props
  const list = useId()
  const [text, setText] = useState('')
  const [found, setFound] = useState<readonly Suggestion[]>([])
  const typed = useDebounced(text.trim())
  useEffect(() => {
    let isOver = false
    const take = (suggestions: readonly Suggestion[]) => {
      if (isOver) return
      setFound(suggestions)
      onPick(suggestions.find(suggestion => suggestion.text === typed)?.id ?? null)
    }
    // Without suggestions nothing can be picked; the list itself says why the relay doesn't answer.
    if (typed === '') take([])
    else suggest(typed).then(take, () => take([]))
    return () => {
      isOver = true
    }
  }, [typed, suggest, onPick])
  return (
    <>
      <Field
        label={label}
        placeholder={placeholder}
        list={list}
        maxLength={100}
        autoComplete="off"
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <datalist id={list}>
        {found.map(({ id, text: option }) => (
          <option key={id} value={option} />
        ))}
      </datalist>
    </>
  )
}
