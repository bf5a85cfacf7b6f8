import { useEffect } from 'react'
import type { RegistryValueRow } from '#protocol/tools/registry.ts'
import { typeName } from '#protocol/tools/registry-values.ts'
import type { Column } from '../../../../components/table/columns.ts'
import { registryStrings as strings } from './strings.ts'
import type { ValueItem } from './use-values.ts'

export const shownName = (name: string): string => (name === '' ? strings.default : name)

/** A row that isn't read yet asks for itself when it comes into sight. */
export const valueColumns = (want: (index: number) => void): readonly Column<ValueItem>[] => [
  {
    key: 'name',
    title: strings.columns.name,
    width: 240,
    render: ({ index, row }) => (row ? <Name row={row} /> : <Unread index={index} want={want} />),
    hint: ({ row }) => (row ? shownName(row.name) : ''),
  },
  { key: 'type', title: strings.columns.type, width: 150, render: ({ row }) => row && typeName(row.type) },
  {
    key: 'data',
    title: strings.columns.data,
    render: ({ row }) => <span className="font-mono text-xs">{row?.preview}</span>,
    hint: ({ row }) => row?.preview ?? '',
  },
  {
    key: 'size',
    title: strings.columns.size,
    width: 80,
    isRight: true,
    render: ({ row }) => row?.size.toLocaleString(),
  },
]

const Name = ({ row }: { row: RegistryValueRow }) => (
  <span className={row.name === '' ? 'text-muted italic' : ''}>{shownName(row.name)}</span>
)

function Unread({ index, want }: { index: number; want: (index: number) => void }) {
  useEffect(() => want(index), [index, want])
  return <span className="text-muted">…</span>
}
