import { type ReactNode, useId } from 'react'

/** A label over something to fill in, and a hint under it. `children` gets what joins them. */
export function Labelled(props: {
  label: string
  hint?: string | undefined
  note?: string | undefined
  children: (joined: { readonly id: string; readonly 'aria-describedby': string | undefined }) => ReactNode
}) {
  const { label, hint, note } = props
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="flex items-baseline justify-between font-medium">
        {label}
        {note ? <span className="text-xs font-normal text-muted">{note}</span> : null}
      </label>
      {props.children({ id, 'aria-describedby': hint ? `${id}-hint` : undefined })}
      {hint ? (
        <p id={`${id}-hint`} className="text-xs text-muted">
          {hint}
        </p>
      ) : null}
    </div>
  )
}

/** What the two kinds of it look like. */
export const FRAME =
  'w-full rounded-md border border-line-strong bg-surface px-2.5 focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0'
