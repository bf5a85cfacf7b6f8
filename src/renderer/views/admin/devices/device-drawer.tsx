import { Button } from '../../../components/button.tsx'
import { Drawer, Facts } from '../../../components/drawer.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Status } from '../../../components/status.tsx'
import { Ago, Moment } from '../../../components/times.tsx'
import { strings as common } from '../strings.ts'
import type { BulkAct } from './bulk-dialog.tsx'
import { type DeviceRow, personText } from './device-columns.tsx'
import { DEVICE_STATE_LOOKS, deviceStateOf } from './device-state.ts'
import { strings } from './device-strings.ts'

export function DeviceDrawer(props: {
  device: DeviceRow
  onClose: () => void
  onAct: (kind: BulkAct['kind']) => void
}) {
  const { device, onClose, onAct } = props
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
      {device.statusReason ? <Notice tone="warn">{strings.reasons[device.statusReason]}</Notice> : null}
      <Facts
        facts={[
          [strings.factsGroup, device.groupPath],
          [strings.factsHost, device.facts.hostname],
          [strings.factsSystem, device.facts.osName],
          [strings.factsAgent, device.facts.agentVersion],
          [strings.factsPerson, personText(device) || strings.none],
          [strings.factsTags, device.tags.join(', ') || strings.none],
          [
            strings.columns.seen,
            device.lastSeenAtMs === null ? common.never : <Ago key="seen" atMs={device.lastSeenAtMs} />,
          ],
          [strings.factsEnrolled, <Moment key="enrolled" atMs={device.enrolledAtMs} />],
          [
            strings.factsId,
            <code key="id" className="font-mono text-xs break-all">
              {device.id}
            </code>,
          ],
        ]}
      />
    </Drawer>
  )
}
