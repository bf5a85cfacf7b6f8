import { useState } from 'react'
import { type GroupSettingsReply, type GroupView, groupSettingsBodySchema } from '#protocol/policy/http.ts'
import { Segmented } from '../../../components/segmented.tsx'
import { ActDialog } from '../act-dialog.tsx'
import { useAdmin } from '../admin-context.ts'
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
  const [isOwn, setOwn] = useState(true)
  const [value, setValue] = useState<unknown>(setting.value)
  const words = settingWords(setting.key)
  const parsed = groupSettingsBodySchema.safeParse(
    isOwn ? { set: { [setting.key]: value } } : { inherit: [setting.key] },
  )
  const act = async () => {
    if (!parsed.success) return false
    await call.changeGroupSettings({ groupId: group.id, change: parsed.data })
    return onDone()
  }
  return (
    <ActDialog
      title={strings.title(settingLabel(setting.key), groupText(group.path))}
      submit={strings.submit}
      busy={strings.busy}
      isReady={parsed.success}
      act={act}
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
    </ActDialog>
  )
}
