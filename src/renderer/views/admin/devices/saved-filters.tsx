import { ChevronDown } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { DeviceFilter } from '#protocol/records-http.ts'
import { Button } from '../../../components/button.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine, MenuText } from '../../../components/menu.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { ConfirmDialog } from '../confirm-dialog.tsx'
import { NameField } from '../name-field.tsx'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { filterStrings as strings } from './device-strings.ts'
import { isNarrowed, isSameFilter } from './filter-wish.ts'

/** The filters that somebody keeps for themselves: one is applied by choosing it, and the one that is applied can be deleted. */
export function SavedFilters(props: { filter: DeviceFilter; onApply: (filter: DeviceFilter) => void }) {
  const { filter, onApply } = props
  const { call } = useAdmin()
  const { state, reload } = useLoaded(useCallback(async () => (await call.deviceFilters(undefined)).filters, [call]))
  const [dialog, setDialog] = useState<'save' | 'delete' | null>(null)
  const saved = state.name === 'ready' ? state.value : []
  const current = saved.find(one => isSameFilter(one.filter, filter))
  const close = () => {
    setDialog(null)
    void reload()
  }
  return (
    <>
      <Menu
        align="end"
        trigger={
          <Button className="max-w-56">
            <span className="truncate">{current?.name ?? strings.menu}</span>
            <ChevronDown aria-hidden size={14} className="shrink-0" />
          </Button>
        }
      >
        <MenuText>
          {state.name === 'failed' ? state.refusal.message : saved.length === 0 ? strings.nothing : strings.own}
        </MenuText>
        <MenuChoice
          value={current?.id ?? ''}
          options={saved.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={id => {
            const chosen = saved.find(one => one.id === id)
            if (chosen) onApply(chosen.filter)
          }}
        />
        <MenuLine />
        {current ? (
          <MenuItem onSelect={() => setDialog('delete')}>{strings.delete(current.name)}</MenuItem>
        ) : isNarrowed(filter) ? (
          <MenuItem onSelect={() => setDialog('save')}>{strings.save}</MenuItem>
        ) : (
          <MenuText>{strings.narrowFirst}</MenuText>
        )}
      </Menu>
      {dialog === 'save' ? <SaveFilter filter={filter} onClose={close} /> : null}
      {dialog === 'delete' && current ? (
        <ConfirmDialog
          question={{ ...strings.deletion(current.name), act: () => call.removeDeviceFilter({ filterId: current.id }) }}
          onClose={close}
        />
      ) : null}
    </>
  )
}

function SaveFilter({ filter, onClose }: { filter: DeviceFilter; onClose: () => void }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const [name, setName] = useState('')
  const submit = async () => {
    if (await run(async () => void (await call.saveDeviceFilter({ name: name.trim(), filter })))) onClose()
  }
  return (
    <FormDialog
      title={strings.saveTitle}
      submit={strings.saveSubmit}
      busy={strings.saveBusy}
      cancel={common.cancel}
      isBusy={isBusy}
      isReady={name.trim() !== ''}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <NameField label={strings.name} hint={strings.nameHint} value={name} onChange={setName} />
    </FormDialog>
  )
}
