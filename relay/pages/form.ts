import { element, paragraph } from './element.ts'
import { wordsOf } from './relay.ts'

export interface FieldSpec {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly set?: Partial<HTMLInputElement>
}

export interface FormSpec {
  readonly fields: readonly FieldSpec[]
  readonly submit: string
  readonly busy: string
  readonly act: (values: Readonly<Record<string, string>>) => Promise<void>
}

/** Fields with one button. It stays, with the reason, while the act is refused. */
export function form({ fields, submit, busy, act }: FormSpec): HTMLFormElement {
  const button = element('button', { class: 'primary', set: { type: 'submit' } }, [submit])
  const alert = refusalLine()
  const inputs = fields.map(input)
  const made = element('form', {}, [...fields.map((spec, index) => field(spec, inputs[index])), alert, button])
  const values = () => Object.fromEntries(inputs.map(({ name, value }) => [name, value]))
  made.addEventListener('submit', event => {
    event.preventDefault()
    void attempt(button, busy, alert, () => act(values()))
  })
  return made
}

/** A button that does something. Its refusal stands under it. */
export function actButton(label: string, busy: string, act: () => Promise<void>, kind = 'secondary'): HTMLElement {
  const alert = refusalLine()
  const button = element('button', { class: kind, set: { type: 'button' } }, [label])
  button.addEventListener('click', () => void attempt(button, busy, alert, act))
  return element('div', { class: 'act' }, [button, alert])
}

const refusalLine = () => element('p', { class: 'refused', attributes: { role: 'alert' }, set: { hidden: true } })

async function attempt(button: HTMLButtonElement, busy: string, alert: HTMLElement, act: () => Promise<void>) {
  if (button.disabled) return
  const label = button.textContent
  button.disabled = true
  button.textContent = busy
  alert.hidden = true
  try {
    await act()
  } catch (thrown) {
    alert.textContent = wordsOf(thrown)
    alert.hidden = false
  } finally {
    button.disabled = false
    button.textContent = label
  }
}

const input = ({ name, set }: FieldSpec): HTMLInputElement =>
  element('input', { set: { required: true, maxLength: 128, ...set, name, id: `field-${name}` } })

function field({ name, label, hint }: FieldSpec, made: HTMLInputElement | undefined): HTMLElement {
  const parts: HTMLElement[] = [
    element('label', { set: { htmlFor: `field-${name}` } }, [label]),
    ...(made ? [made] : []),
  ]
  if (hint !== undefined) {
    const note = paragraph(hint, 'hint')
    note.id = `hint-${name}`
    made?.setAttribute('aria-describedby', note.id)
    parts.push(note)
  }
  return element('div', { class: 'field' }, parts)
}

export const newPassword: FieldSpec = {
  name: 'password',
  label: 'New password',
  hint: 'At least 12 characters. Several words that nobody would put together are good.',
  set: { type: 'password', autocomplete: 'new-password', minLength: 12 },
}
