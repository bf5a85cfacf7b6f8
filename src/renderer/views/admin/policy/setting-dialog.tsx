import { useState } from 'react'
import { type GroupSettingsReply, type GroupView, groupSettingsBodySchema } from '#protocol/policy/http.ts'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Segmented } from '../../../components/segmented.tsx'
import { useAdmin } from '../admin-context.ts'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { SettingEditor } from './setting-editor.tsx'
import { settingLabel, settingWords } from './setting-words.ts'
import { settingEditStrings as strings } from './strings.ts'
import { groupText } from './use-policy.ts'

/** One setting of one group: taken over from above, or a value of its own. */
export function SettingDialog(props: {
  group: GroupView
  setting: GroupSettingsReply['settings'][number]
  onClose: () => void
  onDone: () => void
}) {
  const { group, setting, onClose, onDone } = props
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const [isOwn, setOwn] = useState(true)
  const [value, setValue] = useState<unknown>(setting.value)
  const words = settingWords(setting.key)
  const parsed = groupSettingsBodySchema.safeParse(
    isOwn ? { set: { [setting.key]: value } } : { inherit: [setting.key] },
  )
  const submit = async () => {
    if (!parsed.success) return
    const went = await run(async () => {
      await call.changeGroupSettings({ groupId: group.id, change: parsed.data })
      onDone()
    })
    if (went) onClose()
  }
  return (
    <FormDialog
      title={strings.title(settingLabel(setting.key), groupText(group.path))}
      submit={strings.submit}
      busy={strings.busy}
      cancel={common.cancel}
      isBusy={isBusy}
      isReady={parsed.success}
      refusal={refusal}
      onSubmit={() => void submit()}
      onClose={onClose}
    >
      <p className="text-muted">{words?.hint}</p>
      <div>
        <Segmented
          label={strings.source}
          value={isOwn ? 'own' : 'inherit'}
          onChange={source => setOwn(source === 'own')}
          options={[
            { value: 'own', label: strings.own },
            { value: 'inherit', label: group.parentId === null ? strings.inheritTop : strings.inherit },
          ]}
        />
      </div>
      {isOwn && words ? <SettingEditor words={words} value={value} onChange={setValue} /> : null}
    </FormDialog>
  )
}
