import { type FormEvent, useState } from 'react'
import type { Scope } from '#protocol/session/scopes.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import { Button } from '../../components/button.tsx'
import { Check } from '../../components/check.tsx'
import { ChoiceCards } from '../../components/choice-cards.tsx'
import { Dialog } from '../../components/dialog.tsx'
import { Field } from '../../components/field.tsx'
import { Notice } from '../../components/notice.tsx'
import { Ago } from '../../components/times.tsx'
import type { OpenDialog } from '../../stores/ui-store.ts'
import { useApp } from '../app-context.ts'
import { strings as helpStrings } from '../help/strings.ts'
import { strings as unattendedStrings } from '../unattended/strings.ts'
import { useTask } from '../use-task.ts'
import { connectStrings as strings } from './strings.ts'
import { useAvailableTools } from './use-available-tools.ts'
import { useLiveDevice } from './use-live-device.ts'

/** Tools come with control only. */
const scopesOf = (mode: 'control' | 'view', tools: readonly Tool[]): Scope[] =>
  mode === 'control' ? ['view', 'control', ...tools] : ['view']

export function ConnectDialog({ deviceId, deviceName, device: known, help }: Extract<OpenDialog, { name: 'connect' }>) {
  const app = useApp()
  const device = useLiveDevice(deviceId, known)
  const { isBusy, refusal, run } = useTask()
  const [reason, setReason] = useState(help?.words ?? '')
  const [ticketReference, setTicketReference] = useState('')
  const [mode, setMode] = useState<'control' | 'view'>('control')
  const [who, setWho] = useState<'person' | 'nobody'>('person')
  const { tools, maySkipConsent, asks } = useAvailableTools(deviceId)
  const [wantsTools, setWantsTools] = useState(false)
  // Somebody is there already: the person decides about one more.
  const joins = device?.busy === true
  const [wantsSkip, setWantsSkip] = useState(false)
  const skipsConsent = wantsSkip && maySkipConsent && who === 'person' && !joins
  const submitText = joins ? strings.join : skipsConsent ? strings.submitSkip : strings.submit
  const close = () => app.ui.setState({ dialog: null })

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const ask = {
      deviceId,
      reason: asks.reason === 'off' ? '' : reason.trim(),
      ticketReference: asks.ticket === 'off' ? null : ticketReference.trim() || null,
      scopes: scopesOf(mode, wantsTools && !joins ? tools : []),
      isUnattended: who === 'nobody' && !joins,
      ...(joins && { joins }),
      ...(skipsConsent && { skipsConsent }),
    }
    void run(() => app.startSession(ask))
  }

  return (
    <Dialog title={(joins ? strings.joinTitle : strings.title)(device?.name ?? deviceName)} onClose={close}>
      <form onSubmit={submit} aria-busy={isBusy} className="flex flex-col gap-4">
        {help ? (
          <Notice tone="info">
            {helpStrings.asked(help.who)} <Ago atMs={help.askedAtMs} />
          </Notice>
        ) : null}
        {device === null ? <Notice tone="danger">{strings.gone}</Notice> : null}
        {device && !device.online ? <Notice tone="info">{strings.offline}</Notice> : null}
        {joins ? <Notice tone="info">{strings.busy}</Notice> : null}
        {asks.reason === 'off' ? null : (
          <Field
            label={strings.reason}
            note={asks.reason === 'optional' ? strings.optional : undefined}
            hint={
              who === 'nobody'
                ? unattendedStrings.reasonHint
                : skipsConsent
                  ? strings.reasonHintSkip
                  : strings.reasonHint
            }
            placeholder={strings.reasonPlaceholder}
            name="reason"
            autoFocus
            required={asks.reason === 'required'}
            // A reason of spaces says nothing to the person who reads it.
            pattern=".*\S.*"
            maxLength={200}
            autoComplete="off"
            value={reason}
            onChange={event => setReason(event.target.value)}
          />
        )}
        {asks.ticket === 'off' ? null : (
          <Field
            label={strings.ticket}
            note={asks.ticket === 'optional' ? strings.optional : undefined}
            required={asks.ticket === 'required'}
            pattern=".*\S.*"
            name="ticket"
            maxLength={60}
            autoComplete="off"
            value={ticketReference}
            onChange={event => setTicketReference(event.target.value)}
          />
        )}
        {joins ? null : (
          <ChoiceCards
            label={unattendedStrings.mode}
            value={who}
            onChange={setWho}
            options={[
              { value: 'person', label: unattendedStrings.person, hint: unattendedStrings.personHint },
              { value: 'nobody', label: unattendedStrings.nobody, hint: unattendedStrings.nobodyHint },
            ]}
          />
        )}
        <ChoiceCards
          label={strings.scope}
          value={mode}
          onChange={setMode}
          options={[
            { value: 'control', label: strings.control, hint: strings.controlHint },
            { value: 'view', label: strings.view, hint: strings.viewHint },
          ]}
        />
        {tools.length > 0 && mode === 'control' && !joins ? (
          <Check
            label={strings.tools}
            hint={strings.toolsHint(tools)}
            isChecked={wantsTools}
            onChange={setWantsTools}
          />
        ) : null}
        {maySkipConsent && who === 'person' && !joins ? (
          <Check label={strings.skip} hint={strings.skipHint} isChecked={wantsSkip} onChange={setWantsSkip} />
        ) : null}
        {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
        <div className="mt-1 flex justify-end gap-2">
          <Button onClick={close}>{strings.cancel}</Button>
          <Button type="submit" tone="primary" disabled={isBusy || device === null}>
            {isBusy ? strings.submitting : submitText}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
