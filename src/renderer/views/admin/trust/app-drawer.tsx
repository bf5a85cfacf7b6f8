import { useState } from 'react'
import type { CertifiedApp } from '#ipc/admin/trust.ts'
import { Button } from '../../../components/button.tsx'
import { Drawer, Facts } from '../../../components/drawer.tsx'
import { Moment } from '../../../components/times.tsx'
import { useAdmin } from '../admin-context.ts'
import type { Question } from '../confirm-dialog.tsx'
import { strings as common } from '../strings.ts'
import { CertificateState, mayText } from './app-columns.tsx'
import { CertifyDialog } from './certify-dialog.tsx'
import { questions, strings } from './strings.ts'

/** One app of one person, and what the organisation's key may do about it. */
export function AppDrawer(props: {
  app: CertifiedApp
  mayCertify: boolean
  onAsk: (question: Question) => void
  onClose: () => void
  onChanged: () => void
}) {
  const { app, mayCertify, onAsk, onClose, onChanged } = props
  const { call } = useAdmin()
  const [isCertifying, setCertifying] = useState(false)
  const { operator } = app
  const revoke = () =>
    onAsk({ ...questions.revoke(operator.name), act: () => call.revokeCertificates({ operatorId: operator.id }) })
  return (
    <>
      <Drawer
        title={operator.name}
        subtitle={operator.email}
        closeLabel={common.close}
        onClose={onClose}
        footer={
          mayCertify ? (
            <>
              <Button tone="primary" onClick={() => setCertifying(true)}>
                {app.state === 'valid' ? strings.renewCertificate : strings.certify}
              </Button>
              {app.state === 'valid' ? (
                <Button className="text-danger-text" onClick={revoke}>
                  {strings.revoke}
                </Button>
              ) : null}
            </>
          ) : null
        }
      >
        <Facts
          facts={[
            [strings.columns.computer, app.isThisApp ? `${app.computer} (${strings.thisApp})` : app.computer],
            [strings.columns.state, <CertificateState key="state" app={app} />],
            [strings.columns.may, mayText(app)],
            ...(app.expiresAtMs === null
              ? []
              : [[strings.columns.until, <Moment key="until" atMs={app.expiresAtMs} />] as const]),
            [strings.registered, <Moment key="registered" atMs={app.registeredAtMs} />],
          ]}
        />
      </Drawer>
      {isCertifying ? (
        <CertifyDialog
          app={app}
          onClose={() => {
            setCertifying(false)
            onChanged()
          }}
        />
      ) : null}
    </>
  )
}
