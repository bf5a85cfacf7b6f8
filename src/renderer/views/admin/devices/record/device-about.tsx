import { Facts } from '../../../../components/drawer.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { Ago, Moment } from '../../../../components/times.tsx'
import { strings as common } from '../../strings.ts'
import { type DeviceRow, personText } from '../device-columns.tsx'
import { strings } from '../device-strings.ts'
import { DeviceTags } from './device-tags.tsx'
import { UnattendedOff } from './unattended-off.tsx'
import { WakeDevice } from './wake-device.tsx'

export function DeviceAbout({ device }: { device: DeviceRow }) {
  const { id, status, statusReason, groupPath, facts, lastSeenAtMs, enrolledAtMs, tags, online } = device
  return (
    <>
      {statusReason ? <Notice tone="warn">{strings.reasons[statusReason]}</Notice> : null}
      <UnattendedOff deviceId={id} />
      <Facts
        facts={[
          [strings.factsGroup, groupPath],
          [strings.factsHost, facts.hostname],
          [strings.factsSystem, facts.osName],
          [strings.factsAgent, facts.agentVersion],
          [strings.factsPerson, personText(device) || strings.none],
          [strings.columns.seen, lastSeenAtMs === null ? common.never : <Ago key="seen" atMs={lastSeenAtMs} />],
          [strings.factsEnrolled, <Moment key="enrolled" atMs={enrolledAtMs} />],
          [
            strings.factsId,
            <code key="id" className="font-mono text-xs break-all">
              {id}
            </code>,
          ],
        ]}
      />
      <DeviceTags deviceId={id} tags={tags} />
      {status === 'active' && !online ? <WakeDevice deviceId={id} /> : null}
    </>
  )
}
