import { clsx } from 'clsx'
import type { ComponentProps } from 'react'
import { FRAME, Labelled } from '../../../components/labelled.tsx'

/** Labelled lines of exact text. */
export function TextArea({
  label,
  hint,
  className,
  ...rest
}: ComponentProps<'textarea'> & { label: string; hint?: string }) {
  return (
    <Labelled label={label} hint={hint}>
      {joined => (
        <textarea
          {...joined}
          spellCheck={false}
          {...rest}
          className={clsx(FRAME, 'resize-y py-1.5 font-mono text-xs leading-5', className)}
        />
      )}
    </Labelled>
  )
}
