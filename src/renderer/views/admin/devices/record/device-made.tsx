import { useCallback } from 'react'
import { Facts } from '../../../../components/drawer.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { Waiting } from '../../../../components/waiting.tsx'
import { useLoaded } from '../../../use-loaded.ts'
import { useAdmin } from '../../admin-context.ts'
import { inventoryFacts } from './inventory-facts.tsx'
import { strings } from './record-strings.ts'

export function DeviceMade({ deviceId }: { deviceId: string }) {
  const { call } = useAdmin()
  const { state } = useLoaded(useCallback(() => call.deviceInventory({ deviceId }), [call, deviceId]))
  if (state.name === 'loading') return <Waiting words={strings.made.loading} />
  if (state.name === 'failed') return <Notice tone="danger">{state.refusal.message}</Notice>
  const { inventory, atMs } = state.value
  if (inventory === null || atMs === null) return <p className="text-muted">{strings.made.nothing}</p>
  return <Facts facts={inventoryFacts(inventory, atMs)} />
}
