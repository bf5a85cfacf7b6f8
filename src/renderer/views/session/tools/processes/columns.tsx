import { Lock } from 'lucide-react'
import { byNumber, byText, type Column } from '../../../../components/table/columns.ts'
import { processStrings as strings } from '../strings.ts'
import type { TreeRow } from './process-tree.ts'
import { RowSparkline } from './sparkline.tsx'
import { bytesText, startText } from './texts.ts'

const titles = strings.columns
const INDENT = 14

export const columnsOf = (trends: ReadonlyMap<number, readonly number[]>): readonly Column<TreeRow>[] => [
  {
    key: 'name',
    title: titles.name,
    width: 220,
    render: row => (
      <span className="flex items-center gap-1.5" style={{ paddingLeft: Math.min(row.depth, 10) * INDENT }}>
        <span className="truncate">{row.name}</span>
        {row.isProtected ? (
          <Lock role="img" aria-label={strings.protected} size={11} className="shrink-0 text-muted" />
        ) : null}
        {row.state === 'T' ? <span className="text-xs text-warn-text">{strings.suspended}</span> : null}
      </span>
    ),
    hint: row => (row.isProtected ? strings.protected : row.name),
    compare: byText(row => row.name),
  },
  { key: 'pid', title: titles.pid, width: 76, isRight: true, render: row => row.pid, compare: (a, b) => a.pid - b.pid },
  { key: 'user', title: titles.user, width: 96, render: row => row.user, compare: byText(row => row.user) },
  {
    key: 'cpu',
    title: titles.cpu,
    width: 70,
    isRight: true,
    render: row => `${row.cpu.toFixed(1)} %`,
    compare: byNumber(row => row.cpu),
  },
  {
    key: 'trend',
    title: titles.trend,
    width: 92,
    render: row => <RowSparkline values={trends.get(row.pid) ?? []} top={10} />,
  },
  {
    key: 'memory',
    title: titles.memory,
    width: 92,
    isRight: true,
    render: row => bytesText(row.memoryBytes),
    compare: byNumber(row => row.memoryBytes),
  },
  {
    key: 'started',
    title: titles.started,
    width: 120,
    render: row => startText(row.startedAtMs),
    hint: row => new Date(row.startedAtMs).toLocaleString(),
    compare: byNumber(row => row.startTicks),
  },
  {
    key: 'command',
    title: titles.command,
    render: row => row.command,
    hint: row => row.command,
    compare: byText(row => row.command),
  },
]
