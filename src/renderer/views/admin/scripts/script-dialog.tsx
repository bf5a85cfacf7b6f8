import { useCallback, useRef, useState } from 'react'
import { scriptBodySchema } from '#protocol/scripts/http.ts'
import type { ScriptDefinition } from '#protocol/scripts/script.ts'
import { Button } from '../../../components/button.tsx'
import { Field } from '../../../components/field.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { Select } from '../../../components/select.tsx'
import { loadedOf, useLoaded } from '../../use-loaded.ts'
import { useAdmin } from '../admin-context.ts'
import { NameField } from '../name-field.tsx'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { emptyParameter, fromDraft, toDraft } from './draft-parameters.ts'
import { ParameterEditor } from './parameter-editor.tsx'
import type { VersionedScript } from './script-versions.ts'
import { libraryStrings as strings, TOOL_WORDS } from './strings.ts'
import { TextArea } from './text-area.tsx'

const TOOLS = (['shell', 'shell-user'] as const).map(value => ({ value, label: TOOL_WORDS[value] }))
const PROGRAMS = (['sh', 'bash'] as const).map(value => ({ value, label: value }))
const PARAMETERS_MAX = 12
const ANY_ROLE = ''

/** A script is written, or the next version of one. Either waits for somebody else's approval. */
export function ScriptDialog({ base, onClose }: { base?: VersionedScript; onClose: () => void }) {
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const [name, setName] = useState(base?.name ?? '')
  const [description, setDescription] = useState(base?.description ?? '')
  const [tool, setTool] = useState<ScriptDefinition['tool']>(base?.definition.tool ?? 'shell')
  const [program, setProgram] = useState<ScriptDefinition['program']>(base?.definition.program ?? 'sh')
  const [roleId, setRoleId] = useState(base?.roleId ?? ANY_ROLE)
  const roles = loadedOf(useLoaded(useCallback(async () => (await call.roles(undefined)).roles, [call])).state) ?? []
  const [text, setText] = useState(base?.definition.text ?? '')
  const [parameters, setParameters] = useState(() => (base?.definition.parameters ?? []).map(toDraft))
  const nextKey = useRef(parameters.length)
  const definition = { tool, program, text, parameters: parameters.map(fromDraft) }
  const body = scriptBodySchema.safeParse({
    ...{ name: name.trim(), description: description.trim(), definition },
    roleId: roleId === ANY_ROLE ? null : roleId,
  })
  const save = () =>
    void run(async () => {
      if (!body.success) return
      await call.createScript(body.data)
      onClose()
    })
  return (
    <FormDialog
      title={base ? strings.versionTitle(base.name) : strings.createTitle}
      submit={strings.submit}
      busy={strings.busy}
      cancel={common.cancel}
      isBusy={isBusy}
      isReady={body.success && name.trim() !== ''}
      refusal={refusal}
      onSubmit={save}
      onClose={onClose}
      className="w-[720px]"
    >
      <div className="grid grid-cols-2 gap-3">
        <NameField label={strings.name} hint={strings.nameHint} value={name} onChange={setName} />
        <Field
          label={strings.description}
          maxLength={200}
          autoComplete="off"
          value={description}
          onChange={event => setDescription(event.target.value)}
        />
      </div>
      <div className="grid grid-cols-[minmax(0,5fr)_minmax(0,2fr)_minmax(0,5fr)] gap-3">
        <Select label={strings.runsAs} value={tool} options={TOOLS} onChange={setTool} />
        <Select label={strings.program} value={program} options={PROGRAMS} onChange={setProgram} />
        <Select
          label={strings.role}
          value={roleId}
          onChange={setRoleId}
          options={[
            { value: ANY_ROLE, label: strings.anyRole },
            ...roles.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      </div>
      <TextArea
        label={strings.text}
        hint={strings.textHint}
        rows={9}
        maxLength={6_000}
        value={text}
        onChange={event => setText(event.target.value)}
      />
      <section aria-label={strings.parameters} className="flex flex-col gap-2">
        <div className="flex items-center justify-between">
          <h3 className="font-medium">{strings.parameters}</h3>
          <Button
            isSmall
            disabled={parameters.length >= PARAMETERS_MAX}
            onClick={() => setParameters(before => [...before, emptyParameter(nextKey.current++)])}
          >
            {strings.addParameter}
          </Button>
        </div>
        <ul className="flex flex-col gap-2">
          {parameters.map(draft => (
            <ParameterEditor
              key={draft.key}
              draft={draft}
              onChange={changed => setParameters(all => all.map(one => (one.key === changed.key ? changed : one)))}
              onRemove={() => setParameters(all => all.filter(one => one.key !== draft.key))}
            />
          ))}
        </ul>
      </section>
    </FormDialog>
  )
}
