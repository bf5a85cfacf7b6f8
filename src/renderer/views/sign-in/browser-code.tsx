import { Field } from '../../components/field.tsx'
import { browserStrings as strings } from './strings.ts'

const DIGITS = 6
export const isBrowserCode = (code: string): boolean => code.length === DIGITS

/** The code that the browser shows at the end of its part. */
export function BrowserCode({ code, onChange }: { code: string; onChange: (code: string) => void }) {
  return (
    <Field
      label={strings.code}
      hint={strings.codeHint}
      name="browser-code"
      inputMode="numeric"
      autoComplete="one-time-code"
      autoFocus
      maxLength={10}
      value={code}
      // People type and paste it with the space that it is shown with.
      onChange={event => onChange(event.target.value.replace(/\D/g, '').slice(0, DIGITS))}
    />
  )
}
