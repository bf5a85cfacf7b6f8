import type { PersonWords } from '#protocol/person/words.ts'
import { element } from './element.ts'

export interface YesButtons {
  readonly node: HTMLElement
  /** The numbers are here. */
  setNumbers(numbers: readonly number[]): void
  setEnabled(isEnabled: boolean): void
}

/** How the person says yes: one button, or the three numbers of which the operator reads one out. `onYes` gets the picked number. */
export function yesButtons(
  words: PersonWords,
  asked: { readonly operator: string; readonly numbers: readonly number[] | null },
  onYes: (number: number | null, event: Event) => void,
): YesButtons {
  if (asked.numbers === null) {
    const yes = element('button', { type: 'button', class: 'yes', disabled: '' }, words('yes'))
    yes.addEventListener('click', event => onYes(null, event))
    return {
      node: yes,
      setNumbers: () => undefined,
      setEnabled: isEnabled => {
        yes.disabled = !isEnabled
      },
    }
  }
  const row = element('div', { class: 'numbers' })
  const prompt = element('p', { id: 'number', class: 'prompt' }, words('numberComing'))
  let isEnabled = false
  const enable = () => {
    for (const button of row.querySelectorAll('button')) button.disabled = !isEnabled
  }
  const setNumbers = (numbers: readonly number[]) => {
    if (numbers.length === 0 || row.childElementCount > 0) return
    prompt.textContent = words('number', { operator: asked.operator })
    for (const number of numbers) {
      const label = words('numberLabel', { number })
      const button = element('button', { type: 'button', class: 'yes', 'aria-label': label, disabled: '' }, `${number}`)
      button.addEventListener('click', event => onYes(number, event))
      row.append(button)
    }
    enable()
  }
  setNumbers(asked.numbers)
  return {
    node: element('div', { role: 'group', class: 'pick', 'aria-labelledby': 'number' }, prompt, row),
    setNumbers,
    setEnabled(value) {
      isEnabled = value
      enable()
    },
  }
}
