import { useState } from 'react'
import { isKeyName, type RegistryEdit, VALUE_NAME_MAX } from '#protocol/tools/registry.ts'
import { Field } from '../../../../components/field.tsx'
import { FormDialog } from '../../../../components/form-dialog.tsx'
import { useTask } from '../../../use-task.ts'
import { registryStrings, keyStrings as strings } from './strings.ts'

export interface Named {
  readonly title: string
  readonly submit: string
  readonly name: string
  readonly isKey: boolean
  readonly edit: (name: string) => RegistryEdit
}

/** Asks for a name: of a new key, or a new one of a key or value. */
export function NameDialog(props: {
  named: Named
  run: (edit: RegistryEdit, name: string) => Promise<void>
  onClose: () => void
}) {
  const { named } = props
  const [name, setName] = useState(named.name)
  const { isBusy, refusal, run } = useTask()
  const isReady = named.isKey ? isKeyName(name) : name.length > 0 && name.length <= VALUE_NAME_MAX
  return (
    <FormDialog
      title={named.title}
      submit={named.submit}
      busy={strings.busy}
      cancel={registryStrings.cancel}
      isBusy={isBusy}
      isReady={isReady && name !== named.name}
      refusal={refusal?.message ?? null}
      onSubmit={() => void run(() => props.run(named.edit(name), name))}
      onClose={props.onClose}
    >
      <Field
        label={strings.name}
        value={name}
        autoFocus
        spellCheck={false}
        onChange={event => setName(event.target.value)}
        {...(isReady || name === '' ? {} : { hint: strings.wrongName })}
      />
    </FormDialog>
  )
}

export interface Asked {
  readonly title: string
  readonly text: string
  readonly submit: string
  readonly isDanger: boolean
  readonly act: () => Promise<void>
}

/** Names what will happen, and to what. */
export function AskDialog({ asked, onClose }: { asked: Asked; onClose: () => void }) {
  const { isBusy, refusal, run } = useTask()
  return (
    <FormDialog
      title={asked.title}
      submit={asked.submit}
      busy={strings.busy}
      cancel={registryStrings.cancel}
      isDanger={asked.isDanger}
      isBusy={isBusy}
      refusal={refusal?.message ?? null}
      onSubmit={() => void run(asked.act)}
      onClose={onClose}
    >
      <p className="text-muted">{asked.text}</p>
    </FormDialog>
  )
}
