import { useId, useState } from 'react'
import { hexText, readContent, type ValueContent, writeContent } from '#protocol/tools/registry-values.ts'
import { Field } from '../../../../components/field.tsx'
import { Segmented } from '../../../../components/segmented.tsx'
import { valueStrings as strings } from './strings.ts'

/** What is typed, and what is wrong with it. */
export interface Draft {
  readonly kind: ValueContent['kind']
  readonly text: string
  readonly base: 'decimal' | 'hexadecimal'
  readonly bits: 32 | 64
}

export function draftOf(type: number, bytes: Uint8Array): Draft {
  const content = readContent(type, bytes)
  const draft = { kind: content.kind, base: 'decimal', bits: 32 } as const
  switch (content.kind) {
    case 'text':
      return { ...draft, text: content.text }
    case 'lines':
      return { ...draft, text: content.lines.join('\n') }
    case 'number':
      return { ...draft, text: content.number.toString(), bits: content.bits }
    case 'bytes':
      return { ...draft, text: hexLines(content.bytes) }
  }
}

/** The bytes of what is typed, or in words why there are none. */
export function bytesOf(type: number, { kind, text, base, bits }: Draft): Uint8Array | string {
  try {
    switch (kind) {
      case 'text':
        return writeContent(type, { kind, text })
      case 'lines':
        return writeContent(type, { kind, lines: text === '' ? [] : text.replace(/\n$/, '').split('\n') })
      case 'number': {
        const digits = base === 'decimal' ? /^\d{1,20}$/ : /^(0x)?[0-9a-f]{1,16}$/i
        if (!digits.test(text.trim())) return strings.wrongNumber(bits)
        const plain = text.trim().replace(/^0x/i, '')
        return writeContent(type, { kind, number: BigInt(base === 'decimal' ? plain : `0x${plain}`), bits })
      }
      case 'bytes':
        return parseHex(text) ?? strings.wrongBytes
    }
  } catch {
    return kind === 'number' ? strings.wrongNumber(bits) : strings.wrongLines
  }
}

/** The editor that fits what a value holds. */
export function ValueEditor(props: {
  draft: Draft
  size: number | null
  isOdd: boolean
  onChange: (draft: Draft) => void
}) {
  const { draft, onChange } = props
  const setText = (text: string) => onChange({ ...draft, text })
  switch (draft.kind) {
    case 'number':
      return (
        <div className="flex items-end gap-2">
          <div className="flex-1">
            <Field
              label={strings.number}
              value={draft.text}
              autoFocus
              spellCheck={false}
              className="font-mono"
              onChange={event => setText(event.target.value)}
            />
          </div>
          <Segmented
            label={strings.base}
            value={draft.base}
            onChange={base => onChange(inBase(draft, base))}
            options={[
              { value: 'decimal', label: strings.decimal },
              { value: 'hexadecimal', label: strings.hexadecimal },
            ]}
          />
        </div>
      )
    case 'text':
      return <Area label={strings.text} value={draft.text} rows={3} onChange={setText} />
    case 'lines':
      return <Area label={strings.lines} value={draft.text} rows={8} onChange={setText} />
    case 'bytes':
      return (
        <>
          {props.isOdd ? <p className="text-warn-text text-xs">{strings.odd}</p> : null}
          <Area
            label={strings.bytes}
            value={draft.text}
            rows={8}
            isMono
            onChange={setText}
            {...(props.size === null ? {} : { note: strings.bytesHint(props.size) })}
          />
        </>
      )
  }
}

function Area(props: {
  label: string
  value: string
  rows: number
  isMono?: boolean
  note?: string
  onChange: (text: string) => void
}) {
  const id = useId()
  // The first key goes into the text; a form's Enter ends a line here.
  const [isNew, setNew] = useState(true)
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="flex items-baseline justify-between font-medium">
        {props.label}
        {props.note ? <span className="text-xs font-normal text-muted">{props.note}</span> : null}
      </label>
      <textarea
        id={id}
        rows={props.rows}
        value={props.value}
        spellCheck={false}
        ref={element => {
          if (element && isNew) element.focus()
          if (isNew) setNew(false)
        }}
        onChange={event => props.onChange(event.target.value)}
        className={`w-full resize-y rounded-md border border-line-strong bg-surface px-2.5 py-1.5 text-sm focus-visible:border-accent focus-visible:outline-1 focus-visible:outline-offset-0 ${props.isMono ? 'font-mono text-xs' : ''}`}
      />
    </div>
  )
}

/** The same number in the other writing; what is no number stays as it is typed. */
function inBase(draft: Draft, base: Draft['base']): Draft {
  const plain = draft.text.trim().replace(/^0x/i, '')
  const isNumber = draft.base === 'decimal' ? /^\d{1,20}$/.test(plain) : /^[0-9a-f]{1,16}$/i.test(plain)
  if (!isNumber) return { ...draft, base }
  const number = BigInt(draft.base === 'decimal' ? plain : `0x${plain}`)
  return { ...draft, base, text: base === 'decimal' ? number.toString() : `0x${number.toString(16)}` }
}

function hexLines(bytes: Uint8Array): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += 16) lines.push(hexText(bytes.subarray(at, at + 16)))
  return lines.join('\n')
}

function parseHex(text: string): Uint8Array | undefined {
  const digits = text.replace(/[\s,]+/g, '')
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) return undefined
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(index * 2, index * 2 + 2), 16),
  )
}
