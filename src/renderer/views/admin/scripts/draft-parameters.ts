import type { ScriptParameter } from '#protocol/scripts/script.ts'

/** A parameter as it is being written: every kind's fields, whichever is chosen. */
export interface DraftParameter {
  readonly key: number
  readonly name: string
  readonly label: string
  readonly type: ScriptParameter['kind']['type']
  readonly maxLength: string
  readonly min: string
  readonly max: string
  readonly choices: string
}

export const emptyParameter = (key: number): DraftParameter => ({
  ...{ key, name: '', label: '', type: 'text' },
  ...{ maxLength: '100', min: '0', max: '100', choices: '' },
})

export function toDraft({ name, label, kind }: ScriptParameter, key: number): DraftParameter {
  const draft = { ...emptyParameter(key), name, label, type: kind.type }
  switch (kind.type) {
    case 'text':
      return { ...draft, maxLength: String(kind.maxLength) }
    case 'number':
      return { ...draft, min: String(kind.min), max: String(kind.max) }
    case 'choice':
      return { ...draft, choices: kind.choices.join('\n') }
  }
}

/** What the relay's schema decides about. */
export function fromDraft({ name, label, type, maxLength, min, max, choices }: DraftParameter): ScriptParameter {
  const kinds = {
    text: { type: 'text', maxLength: Number(maxLength) },
    number: { type: 'number', min: Number(min), max: Number(max) },
    choice: {
      type: 'choice',
      choices: choices
        .split('\n')
        .map(line => line.trim())
        .filter(Boolean),
    },
  } as const
  return { name: name.trim(), label: label.trim(), kind: kinds[type] }
}
