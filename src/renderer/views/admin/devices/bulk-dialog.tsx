import { useState } from 'react'
import type { GroupView } from '#protocol/policy/http.ts'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Select } from '../../../components/select.tsx'
import type { AdminCall } from '../../../stores/admin/admin-app.ts'
import { type BulkProgress, runBulk } from '../../../stores/admin/bulk.ts'
import { useAdmin } from '../admin-context.ts'
import { groupText } from '../policy/use-policy.ts'
import { strings as common } from '../strings.ts'
import type { DeviceRow } from './device-columns.tsx'
import { strings } from './device-strings.ts'

export interface BulkAct {
  readonly kind: 'active' | 'quarantined' | 'move' | 'delete'
  readonly devices: readonly DeviceRow[]
}

const WORDS = {
  active: { title: strings.activeTitle, text: strings.activeText, submit: strings.activeSubmit },
  quarantined: { title: strings.quarantineTitle, text: strings.quarantineText, submit: strings.quarantineSubmit },
  move: { title: strings.moveTitle, text: strings.moveText, submit: strings.moveSubmit },
  delete: { title: strings.deleteTitle, text: strings.deleteText, submit: strings.deleteSubmit },
} as const

/** Asks, does the same to each device, and tells how far it is. */
export function BulkDialog(props: { act: BulkAct; groups: readonly GroupView[]; onClose: () => void }) {
  const { act, groups, onClose } = props
  const { call } = useAdmin()
  const [groupId, setGroupId] = useState(groups[0]?.id ?? '')
  const [progress, setProgress] = useState<BulkProgress | null>(null)
  const [refusal, setRefusal] = useState<string | null>(null)
  const { title, text, submit } = WORDS[act.kind]
  const run = async () => {
    let done = 0
    setRefusal(null)
    const refused = await runBulk(
      act.devices.map(({ id }) => id),
      deviceId => change(call, act.kind, deviceId, groupId),
      {
        onProgress: next => {
          done = next.done
          setProgress(next)
        },
      },
    )
    setProgress(null)
    if (refused) setRefusal(strings.stoppedAfter(done, act.devices.length, refused.message))
    else onClose()
  }
  return (
    <FormDialog
      title={title(strings.some(act.devices.length, act.devices[0]?.name ?? ''))}
      submit={submit}
      busy={progress ? strings.progress(progress.done, progress.total) : submit}
      cancel={common.cancel}
      isDanger={act.kind === 'delete' || act.kind === 'quarantined'}
      isBusy={progress !== null}
      refusal={refusal}
      onSubmit={() => void run()}
      onClose={() => {
        if (!progress) onClose()
      }}
    >
      <p className="text-muted">{text}</p>
      {act.kind === 'move' ? (
        <Select
          label={strings.moveTo}
          value={groupId}
          onChange={setGroupId}
          options={groups.map(({ id, path }) => ({ value: id, label: groupText(path) }))}
        />
      ) : null}
      {progress?.isWaiting ? (
        <p role="status" className="text-muted">
          {strings.slower}
        </p>
      ) : null}
    </FormDialog>
  )
}

function change(call: AdminCall, kind: BulkAct['kind'], deviceId: string, groupId: string): Promise<void> {
  if (kind === 'delete') return call.deleteDevice({ deviceId })
  return kind === 'move' ? call.moveDevice({ deviceId, groupId }) : call.setDeviceStatus({ deviceId, status: kind })
}
