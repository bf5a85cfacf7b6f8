import { useState } from 'react'
import type { z } from 'zod'
import { ssoBodySchema, type ssoReplySchema } from '#protocol/identity-http.ts'
import { Button } from '../../../components/button.tsx'
import { Check } from '../../../components/check.tsx'
import { Command } from '../../../components/command.tsx'
import { Field } from '../../../components/field.tsx'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog } from '../confirm-dialog.tsx'
import { strings as common } from '../strings.ts'
import { FormPart } from './form-part.tsx'
import { ssoStrings as strings } from './strings.ts'

type Sso = z.infer<typeof ssoReplySchema>

/** The organisation's identity provider. Its client secret goes to the relay and never comes back. */
export function SsoPart({ sso, onChanged }: { sso: Sso; onChanged: () => Promise<void> }) {
  const { call } = useAdmin()
  const { provider } = sso
  const [issuer, setIssuer] = useState(provider?.issuer ?? '')
  const [clientId, setClientId] = useState(provider?.clientId ?? '')
  const [clientSecret, setClientSecret] = useState('')
  const [domains, setDomains] = useState(provider?.domains.join(', ') ?? '')
  const [createsAccounts, setCreatesAccounts] = useState(provider?.createsAccounts ?? false)
  const [isRemoving, setRemoving] = useState(false)
  const listed = domains
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean)
  const areDomains = listed.length === 0 || ssoBodySchema.shape.domains.safeParse(listed).success
  const isNew = issuer.trim() !== provider?.issuer || clientId.trim() !== provider?.clientId
  const body = ssoBodySchema.safeParse({
    ...{ issuer: issuer.trim(), clientId: clientId.trim(), domains: listed, createsAccounts },
    ...(clientSecret === '' ? {} : { clientSecret }),
  })
  const isChanged =
    isNew ||
    clientSecret !== '' ||
    listed.join() !== provider?.domains.join() ||
    createsAccounts !== provider?.createsAccounts
  const save = async () => {
    if (body.success) await call.setSingleSignOn(body.data)
    setClientSecret('')
    await onChanged()
  }
  const turnOff = async () => {
    await call.removeSingleSignOn(undefined)
    for (const clear of [setIssuer, setClientId, setDomains]) clear('')
    setCreatesAccounts(false)
    await onChanged()
  }
  return (
    <FormPart
      className="w-[600px]"
      title={strings.title}
      lead={strings.lead}
      isReady={body.success && isChanged && (!isNew || clientSecret !== '')}
      act={save}
      more={
        provider ? (
          <Button className="text-danger-text" onClick={() => setRemoving(true)}>
            {strings.remove}
          </Button>
        ) : null
      }
    >
      <div className="flex flex-col gap-1">
        <span className="font-medium">{strings.redirect}</span>
        <Command
          text={sso.redirectUri}
          copyLabel={common.copy}
          copiedLabel={common.copied}
          byHandLabel={common.copyByHand}
        />
      </div>
      <Field
        label={strings.issuer}
        hint={strings.issuerHint}
        type="url"
        placeholder="https://"
        autoComplete="off"
        spellCheck={false}
        maxLength={512}
        value={issuer}
        onChange={event => setIssuer(event.target.value)}
      />
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={strings.clientId}
          autoComplete="off"
          spellCheck={false}
          maxLength={256}
          value={clientId}
          onChange={event => setClientId(event.target.value)}
        />
        <Field
          label={strings.secret}
          type="password"
          autoComplete="off"
          maxLength={1024}
          placeholder={isNew ? '' : strings.secretKept}
          value={clientSecret}
          onChange={event => setClientSecret(event.target.value)}
        />
      </div>
      <Field
        label={strings.domains}
        hint={areDomains ? strings.domainsHint : strings.domainsWrong}
        aria-invalid={!areDomains}
        autoComplete="off"
        spellCheck={false}
        maxLength={2_000}
        value={domains}
        onChange={event => setDomains(event.target.value)}
      />
      <Check
        label={strings.createsAccounts}
        hint={strings.createsAccountsHint}
        isChecked={createsAccounts}
        onChange={setCreatesAccounts}
      />
      {isRemoving ? (
        <ConfirmDialog question={{ ...strings.removal, act: turnOff }} onClose={() => setRemoving(false)} />
      ) : null}
    </FormPart>
  )
}
