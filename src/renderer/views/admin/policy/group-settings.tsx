import { Pencil } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { GroupSettingsReply, GroupView } from '#protocol/policy/http.ts'
import { Button } from '../../../components/button.tsx'
import { FailedPage, LoadingPage } from '../../page-states.tsx'
import { useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { SettingDialog } from './setting-dialog.tsx'
import { settingLabel, settingText, settingWords } from './setting-words.ts'
import { groupStrings as strings } from './strings.ts'

type SettingView = GroupSettingsReply['settings'][number]

/** What holds for the group's devices, and which group says so. */
export function GroupSettings(props: {
  group: GroupView
  groups: readonly GroupView[]
  onSelect: (groupId: string) => void
}) {
  const { group, groups, onSelect } = props
  const { call } = useAdmin()
  const load = useCallback(async () => (await call.groupSettings({ groupId: group.id })).settings, [call, group.id])
  const { state, reload } = useLoaded(load)
  const [editing, setEditing] = useState<SettingView | null>(null)
  if (state.name === 'loading') return <LoadingPage words={strings.settingsLoading} />
  if (state.name === 'failed') return <FailedPage message={state.refusal.message} onRetry={() => void reload()} />
  return (
    <div className="min-h-0 flex-1 overflow-y-auto border-t border-line bg-surface">
      <table className="w-full table-fixed border-separate border-spacing-0 text-left">
        <thead className="sticky top-0 z-1">
          <tr className="h-8 text-xs text-muted">
            <Heading width="44%" text={strings.columns.setting} />
            <Heading text={strings.columns.value} />
            <Heading width="24%" text={strings.columns.from} />
            <Heading width={76} text="" />
          </tr>
        </thead>
        <tbody>
          {state.value.map(setting => (
            <tr key={setting.key} className="hover:bg-hover">
              <td className={CELL}>
                <div className="font-medium">{settingLabel(setting.key)}</div>
                <div className="text-xs text-muted">{settingWords(setting.key)?.hint}</div>
              </td>
              <td data-selectable className={`${CELL} ${setting.isOwn ? 'font-medium' : ''}`}>
                {settingText(setting.key, setting.value)}
              </td>
              <td className={CELL}>
                <From setting={setting} groups={groups} onSelect={onSelect} />
              </td>
              <td className={`${CELL} text-right`}>
                <Button
                  tone="quiet"
                  isSmall
                  aria-label={strings.edit(settingLabel(setting.key))}
                  title={strings.edit(settingLabel(setting.key))}
                  onClick={() => setEditing(setting)}
                >
                  <Pencil aria-hidden size={14} />
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {editing && settingWords(editing.key) ? (
        <SettingDialog group={group} setting={editing} onClose={() => setEditing(null)} onDone={() => void reload()} />
      ) : null}
    </div>
  )
}

const CELL = 'border-b border-line px-2 py-1.5 align-middle first:pl-5 last:pr-5'

const Heading = ({ text, width }: { text: string; width?: number | string }) => (
  <th scope="col" style={{ width }} className="border-b border-line bg-bg px-2 font-normal first:pl-5">
    {text}
  </th>
)

function From(props: { setting: SettingView; groups: readonly GroupView[]; onSelect: (groupId: string) => void }) {
  const { isOwn, fromGroupId } = props.setting
  if (isOwn)
    return (
      <span className="rounded bg-accent-soft px-1.5 py-0.5 text-xs font-medium text-accent-text">{strings.own}</span>
    )
  const from = props.groups.find(({ id }) => id === fromGroupId)
  if (!from) return <span className="text-muted">{fromGroupId === null ? strings.standard : fromGroupId}</span>
  return (
    <button
      type="button"
      onClick={() => props.onSelect(from.id)}
      className="max-w-full truncate text-accent-text underline decoration-dotted underline-offset-3"
    >
      {from.path === '/' ? strings.everything : strings.inherited(from.path)}
    </button>
  )
}
