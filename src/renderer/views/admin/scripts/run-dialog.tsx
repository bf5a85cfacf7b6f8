import { useState } from 'react'
import {
  RUN_DEVICES_MAX,
  RUN_TIME_LIMIT_DEFAULT_S,
  RUN_TIME_LIMIT_MAX_S,
  RUN_WAIT_DEFAULT_MS,
} from '#protocol/scripts/limits.ts'
import { type ScriptDefinition, type ScriptValues, valuesProblem } from '#protocol/scripts/script.ts'
import { Field } from '../../../components/field.tsx'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { NumberField } from '../../../components/number-field.tsx'
import { Select } from '../../../components/select.tsx'
import { firstValues } from '../../session/tools/scripts/first-values.ts'
import { ParameterField } from '../../session/tools/scripts/parameter-field.tsx'
import { useAdmin } from '../admin-context.ts'
import { useAct } from '../use-act.ts'
import { DevicePicker } from './device-picker.tsx'
import { runStrings as strings } from './strings.ts'

const WAITS = Object.entries(strings.waits).map(([value, label]) => ({ value, label }))

export interface RunnableScript {
  readonly id: string
  readonly name: string
  readonly digest: string
  readonly definition: ScriptDefinition
}

/** Which devices, with which values: then the app signs the order, and the page of runs shows what becomes of it. */
export function RunDialog(props: {
  script: RunnableScript
  /** What was run before, for those that are to run it again. */
  before?: {
    readonly values: ScriptValues
    readonly reason: string
    readonly timeLimitS: number
    readonly deviceIds: readonly string[]
  }
  onStarted?: (runId: string) => void
  onClose: () => void
}) {
  const { script, before, onStarted, onClose } = props
  const { call, showRun } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const { parameters } = script.definition
  const [values, setValues] = useState<ScriptValues>(before?.values ?? firstValues(parameters))
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(before?.deviceIds))
  const [timeLimit, setTimeLimit] = useState(String(before?.timeLimitS ?? RUN_TIME_LIMIT_DEFAULT_S))
  const [reason, setReason] = useState(before?.reason ?? '')
  const [wait, setWait] = useState(String(RUN_WAIT_DEFAULT_MS))
  const timeLimitS = Number(timeLimit)
  const isTimeFine = Number.isInteger(timeLimitS) && timeLimitS >= 1 && timeLimitS <= RUN_TIME_LIMIT_MAX_S
  const problem = valuesProblem(parameters, values)
  const start = () =>
    void run(async () => {
      const { id: scriptId, digest } = script
      const deviceIds = [...chosen]
      const said = { scriptId, digest, values, reason: reason.trim(), deviceIds, timeLimitS, waitMs: Number(wait) }
      const started = await call.startScriptRun(said)
      onClose()
      if (onStarted) onStarted(started.run.id)
      else showRun(started.run.id)
    })
  return (
    <FormDialog
      title={strings.title(script.name)}
      submit={strings.submit(chosen.size)}
      busy={strings.busy}
      cancel={strings.cancel}
      isBusy={isBusy}
      isReady={
        chosen.size > 0 && chosen.size <= RUN_DEVICES_MAX && problem === null && isTimeFine && reason.trim() !== ''
      }
      refusal={refusal ?? (chosen.size > RUN_DEVICES_MAX ? strings.tooMany(RUN_DEVICES_MAX) : null)}
      onSubmit={start}
      onClose={onClose}
      className="w-[680px]"
    >
      <Field
        label={strings.reason}
        hint={strings.reasonHint}
        maxLength={200}
        autoComplete="off"
        value={reason}
        onChange={event => setReason(event.target.value)}
      />
      {parameters.length > 0 ? (
        <section aria-label={strings.values} className="grid grid-cols-2 gap-3">
          {parameters.map(parameter => (
            <ParameterField
              key={parameter.name}
              parameter={parameter}
              value={values[parameter.name] ?? ''}
              onChange={value => setValues(all => ({ ...all, [parameter.name]: value }))}
            />
          ))}
        </section>
      ) : null}
      <DevicePicker chosen={chosen} onChange={setChosen} />
      <div className="grid grid-cols-2 gap-3">
        <NumberField
          label={strings.timeLimit}
          min={1}
          max={RUN_TIME_LIMIT_MAX_S}
          value={timeLimit}
          onChange={setTimeLimit}
        />
        <Select label={strings.wait} value={wait} options={WAITS} onChange={setWait} />
      </div>
    </FormDialog>
  )
}
