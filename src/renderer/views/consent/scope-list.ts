import type { PersonWords } from '#protocol/person/words.ts'
import type { Scope } from '#protocol/session/scopes.ts'
import { element } from './element.ts'

export interface ScopeList {
  readonly node: HTMLElement
  /** What is switched on now. */
  readonly chosen: () => Scope[]
}

/** With more than these beside seeing they stand in two columns: all of them in sight at once. */
const ONE_COLUMN_MAX = 4

/** What is asked for, each a switch of its own. Seeing is part of every session: who doesn't want it presses "No". */
export function scopeList(words: PersonWords, asked: readonly Scope[]): ScopeList {
  const { rows, hint, chosen } = switches(words, asked)
  const view = element(
    'li',
    {},
    element('span', {}, words.scope('view')),
    element('span', { class: 'always' }, words('always')),
  )
  return {
    node: element(
      'section',
      { class: rows.length > ONE_COLUMN_MAX ? 'scopes many' : 'scopes', 'aria-labelledby': 'choose' },
      element('h2', { id: 'choose' }, words('choose')),
      element('ul', {}, view, ...rows),
      hint,
    ),
    chosen,
  }
}

/** What is asked for on top. A single thing needs no switch: "Yes" and "No" are about it. */
export function furtherList(words: PersonWords, asked: readonly Scope[]): ScopeList {
  const { rows, hint, chosen } = switches(words, asked)
  const [only, ...others] = asked
  const single = only !== undefined && others.length === 0 ? element('li', {}, words.scope(only)) : null
  return {
    node: element('section', { class: 'scopes' }, element('ul', {}, ...(single ? [single] : rows)), hint),
    chosen,
  }
}

interface Switch {
  readonly scope: Scope
  readonly input: HTMLInputElement
}

function switches(words: PersonWords, asked: readonly Scope[]) {
  const made = asked
    .filter(scope => scope !== 'view')
    .map(scope => ({
      scope,
      input: element('input', { type: 'checkbox', role: 'switch', id: `scope-${scope}`, checked: '' }),
    }))
  const rows = made.map(({ scope, input }) =>
    element('li', {}, element('label', { for: input.id }, words.scope(scope)), input),
  )
  const hint = element('p', { class: 'needs', role: 'status' })
  tieToControl(made, isOff => {
    hint.textContent = isOff ? words('needsControl') : ''
  })
  const chosen = (): Scope[] => ['view', ...made.filter(({ input }) => input.checked).map(({ scope }) => scope)]
  return { rows, hint, chosen }
}

/** A tool takes control too: what would do nothing without it doesn't look as if it were allowed. It comes back as it was. */
function tieToControl(made: readonly Switch[], tell: (isOff: boolean) => void): void {
  const control = made.find(({ scope }) => scope === 'control')?.input
  const tools = made.filter(({ scope }) => scope !== 'control').map(({ input }) => input)
  if (!control || tools.length === 0) return
  let wanted = tools
  control.addEventListener('change', () => {
    if (!control.checked) wanted = tools.filter(({ checked }) => checked)
    for (const tool of tools) {
      tool.disabled = !control.checked
      tool.checked = control.checked && wanted.includes(tool)
    }
    tell(!control.checked)
  })
}
