import { useState } from 'react'
import { Button } from '../../../components/button.tsx'
import { Drawer } from '../../../components/drawer.tsx'
import { Segmented } from '../../../components/segmented.tsx'
import { Status } from '../../../components/status.tsx'
import { strings as common } from '../strings.ts'
import type { BulkAct } from './bulk-dialog.tsx'
import type { DeviceRow } from './device-columns.tsx'
import { DEVICE_STATE_LOOKS, deviceStateOf } from './device-state.ts'
import { strings } from './device-strings.ts'
import { DeviceAbout } from './record/device-about.tsx'
import { DeviceMade } from './record/device-made.tsx'
import { DeviceNotes } from './record/device-notes.tsx'
import { DevicePresence } from './record/device-presence.tsx'
import { strings as record } from './record/record-strings.ts'

type Part = keyof typeof record.parts

/** The record of one device. */
export function DeviceDrawer(props: {
  device: DeviceRow
  onClose: () => void
  onAct: (kind: BulkAct['kind']) => void
}) {
  const { device, onClose, onAct } = props
  const [part, setPart] = useState<Part>('about')
  return (
    <Drawer
      title={device.name}
      subtitle={<Status {...DEVICE_STATE_LOOKS[deviceStateOf(device)]} />}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        <>
          {device.status === 'active' ? (
            <Button onClick={() => onAct('quarantined')}>{strings.quarantine}</Button>
          ) : (
            <Button onClick={() => onAct('active')}>
              {device.status === 'pending' ? strings.approve : strings.release}…
            </Button>
          )}
          <Button onClick={() => onAct('move')}>{strings.move}</Button>
          <Button className="text-danger-text" onClick={() => onAct('delete')}>
            {strings.delete}
          </Button>
        </>
      }
    >
      <div>
        <Segmented
          label={record.which}
          value={part}
          onChange={setPart}
          options={(Object.keys(record.parts) as Part[]).map(value => ({ value, label: record.parts[value] }))}
        />
      </div>
      {part === 'about' ? <DeviceAbout device={device} /> : null}
      {part === 'made' ? <DeviceMade deviceId={device.id} /> : null}
      {part === 'presence' ? <DevicePresence deviceId={device.id} /> : null}
      {part === 'notes' ? <DeviceNotes deviceId={device.id} /> : null}
    </Drawer>
  )
}
