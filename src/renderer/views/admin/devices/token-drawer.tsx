import type { EnrolmentTokenView } from '#protocol/enrolment-http.ts'
import { Button } from '../../../components/button.tsx'
import { Drawer, DrawerPart, Facts } from '../../../components/drawer.tsx'
import { Moment } from '../../../components/times.tsx'
import { strings as common } from '../strings.ts'
import { strings } from './enrolment-strings.ts'

const FATES = ['active', 'pending', 'quarantined', 'removed'] as const

export function TokenDrawer(props: {
  title: string
  group: string
  token: EnrolmentTokenView
  onClose: () => void
  onRevoke: () => void
}) {
  const { title, group, token, onClose, onRevoke } = props
  return (
    <Drawer
      title={title}
      subtitle={group}
      closeLabel={common.close}
      onClose={onClose}
      footer={
        token.revokedAtMs === null ? (
          <Button className="text-danger-text" onClick={onRevoke}>
            {strings.revoke}
          </Button>
        ) : undefined
      }
    >
      <Facts
        facts={[
          [strings.columns.uses, strings.uses(token)],
          [strings.columns.until, <Moment key="until" atMs={token.expiresAtMs} />],
          [strings.factsNetworks, token.networks.join(', ') || strings.anywhere],
          [strings.factsApproval, token.approval ? strings.approvalOn : strings.approvalOff],
          [strings.factsBy, token.createdBy],
          [strings.factsAt, <Moment key="made" atMs={token.createdAtMs} />],
          ...(token.revokedAtMs === null
            ? []
            : [[strings.revoked, <Moment key="revoked" atMs={token.revokedAtMs} />] as const]),
        ]}
      />
      <DrawerPart title={strings.devicesHeading}>
        <Facts facts={FATES.map(fate => [strings.devices[fate], String(token.devices[fate])])} />
      </DrawerPart>
    </Drawer>
  )
}
