import { useState } from 'react'
import { Segmented } from '../../../components/segmented.tsx'
import { FailedDeliveries } from './failed-deliveries.tsx'
import { Receivers } from './receivers.tsx'
import { failedStrings } from './webhook-strings.ts'

type List = keyof typeof failedStrings.lists
const LISTS = Object.keys(failedStrings.lists) as List[]

/** Who is told what happens, and what none of them got. */
export function Webhooks() {
  const [list, setList] = useState<List>('receivers')
  const choice = (
    <div className="px-5 pb-3">
      <Segmented
        label={failedStrings.listLabel}
        value={list}
        onChange={setList}
        options={LISTS.map(value => ({ value, label: failedStrings.lists[value] }))}
      />
    </div>
  )
  return list === 'receivers' ? <Receivers bar={choice} /> : <FailedDeliveries key={list} status={list} bar={choice} />
}
