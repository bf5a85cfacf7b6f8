import { clsx } from 'clsx'
import type { ComponentProps } from 'react'
import { FRAME, Labelled } from './labelled.tsx'

/** A labelled line of input. `hint` stands under it. */
export function Field({
  label,
  hint,
  note,
  className,
  ...rest
}: ComponentProps<'input'> & { label: string; hint?: string; note?: string }) {
  return (
    <Labelled label={label} hint={hint} note={note}>
      {joined => <input {...joined} {...rest} className={clsx(FRAME, 'h-8 text-sm disabled:opacity-60', className)} />}
    </Labelled>
  )
}
