import type { ReactNode } from 'react'
import { processStrings as strings } from '../strings.ts'
import { Sparkline } from './sparkline.tsx'
import { bytesText, upText } from './texts.ts'
import type { Processes } from './use-processes.ts'

/** The whole machine, now and in the last minute. */
export function MachineBar({ machine, machineTrend }: Pick<Processes, 'machine' | 'machineTrend'>) {
  return (
    <dl className="flex shrink-0 items-center gap-6 border-b border-line px-3 py-1.5 text-xs">
      <Fact name={strings.cpu} value={`${machine.cpu.toFixed(0)} %`}>
        <Sparkline values={machineTrend.map(({ cpu }) => cpu)} top={100} width={120} height={22} isFilled />
      </Fact>
      <Fact name={strings.memory} value={`${bytesText(machine.memoryUsed)} of ${bytesText(machine.memoryTotal)}`}>
        <Sparkline
          values={machineTrend.map(({ memoryUsed }) => memoryUsed)}
          top={machine.memoryTotal}
          width={120}
          height={22}
          isFilled
        />
      </Fact>
      <Fact name={strings.load} value={`${machine.load.toFixed(2)} / ${machine.processors}`} />
      <Fact name={strings.up} value={upText(machine.uptimeS)} />
    </dl>
  )
}

function Fact({ name, value, children }: { name: string; value: string; children?: ReactNode }) {
  return (
    <div className="flex items-center gap-2">
      <dt className="text-muted">{name}</dt>
      <dd className="flex items-center gap-2 tabular-nums">
        {children}
        {value}
      </dd>
    </div>
  )
}
