import { useCallback, useEffect, useState } from 'react'
import type { ScriptView } from '#protocol/scripts/http.ts'
import { type ScriptValues, valuesProblem } from '#protocol/scripts/script.ts'
import type { Tool } from '#protocol/tools/tools.ts'
import { Button } from '../../../../components/button.tsx'
import { Dialog } from '../../../../components/dialog.tsx'
import { Notice } from '../../../../components/notice.tsx'
import { Waiting } from '../../../../components/waiting.tsx'
import { type Refusal, refusalOf } from '../../../../stores/refusal.ts'
import { useApp } from '../../../app-context.ts'
import { firstValues } from './first-values.ts'
import { ParameterField } from './parameter-field.tsx'
import { scriptStrings as strings } from './strings.ts'

/** The organisation's approved scripts for this shell: one is chosen, its values are filled in, and it runs in a terminal of its own. */
export function ScriptDialog(props: {
  tool: Tool
  onRun: (script: ScriptView, values: ScriptValues) => void
  onClose: () => void
}) {
  const { scripts, refusal } = useScripts(props.tool)
  const [chosen, setChosen] = useState<ScriptView | null>(null)
  const [values, setValues] = useState<ScriptValues>({})
  const choose = useCallback((script: ScriptView) => {
    setChosen(script)
    setValues(firstValues(script.definition.parameters))
  }, [])
  const problem = chosen ? valuesProblem(chosen.definition.parameters, values) : null
  return (
    <Dialog title={strings.title} onClose={props.onClose} className="w-[640px]">
      {refusal ? <Notice tone="danger">{refusal.message}</Notice> : null}
      {scripts === null && !refusal ? <Waiting words={strings.reading} /> : null}
      {scripts?.length === 0 ? <p className="text-muted">{strings.none}</p> : null}
      <ul aria-label={strings.title} className="flex max-h-48 flex-col overflow-auto">
        {scripts?.map(script => (
          <li key={script.id}>
            <button
              type="button"
              aria-pressed={chosen?.id === script.id}
              onClick={() => choose(script)}
              className="w-full rounded-md px-3 py-1.5 text-left hover:bg-hover aria-pressed:bg-accent-soft"
            >
              <span className="block font-medium">{script.name}</span>
              <span className="block truncate text-xs text-muted">{script.description}</span>
            </button>
          </li>
        ))}
      </ul>
      {chosen ? (
        <>
          <pre
            data-selectable
            className="mt-3 max-h-40 overflow-auto rounded-md border border-line bg-bg p-2 font-mono text-xs whitespace-pre-wrap"
          >
            {chosen.definition.text}
          </pre>
          <p className="mt-1 text-xs text-muted">{strings.by(chosen.author, chosen.approvedBy ?? '')}</p>
          <div className="mt-3 flex flex-col gap-3">
            {chosen.definition.parameters.map(parameter => (
              <ParameterField
                key={parameter.name}
                parameter={parameter}
                value={values[parameter.name] ?? ''}
                onChange={value => setValues(before => ({ ...before, [parameter.name]: value }))}
              />
            ))}
          </div>
        </>
      ) : null}
      <div className="mt-5 flex items-center justify-end gap-2">
        {problem ? <span className="mr-auto text-xs text-muted">{problem}</span> : null}
        <Button onClick={props.onClose}>{strings.cancel}</Button>
        <Button
          tone="primary"
          disabled={!chosen || problem !== null}
          onClick={() => chosen && props.onRun(chosen, values)}
        >
          {strings.run}
        </Button>
      </div>
    </Dialog>
  )
}

function useScripts(tool: Tool): { scripts: readonly ScriptView[] | null; refusal: Refusal | null } {
  const app = useApp()
  const [scripts, setScripts] = useState<readonly ScriptView[] | null>(null)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  useEffect(() => {
    let isOver = false
    app
      .scripts()
      .then(all => !isOver && setScripts(all.filter(script => isFor(script, tool))))
      .catch(thrown => !isOver && setRefusal(refusalOf(thrown)))
    return () => {
      isOver = true
    }
  }, [app, tool])
  return { scripts, refusal }
}

const isFor = ({ definition, approvedBy }: ScriptView, tool: Tool) => definition.tool === tool && approvedBy !== null
