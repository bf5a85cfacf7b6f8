import { Button } from '../../../components/button.tsx'
import { Drawer, DrawerPart, Facts } from '../../../components/drawer.tsx'
import { Notice } from '../../../components/notice.tsx'
import { Moment } from '../../../components/times.tsx'
import { useReady } from '../../app-context.ts'
import { useAdmin } from '../admin-context.ts'
import type { RowActs } from '../collection-page.tsx'
import { strings as common } from '../strings.ts'
import { useAct } from '../use-act.ts'
import { ScriptStatus } from './script-status.tsx'
import type { VersionedScript } from './script-versions.ts'
import { KIND_WORDS, libraryStrings as strings, TOOL_WORDS } from './strings.ts'

/** One script to the letter, as it is read before it is approved. */
export function ScriptDrawer(
  props: RowActs & {
    script: VersionedScript
    onRun: () => void
    /** Null for who may not write scripts. */
    onVersion: (() => void) | null
  },
) {
  const { script, close, ask, reload, onRun, onVersion } = props
  const { call } = useAdmin()
  const { isBusy, refusal, run } = useAct()
  const self = useReady(state => (state.auth.name === 'signed-in' ? state.auth.user.name : null))
  const { id: scriptId, name, definition, approvedBy } = script
  const isOwn = script.author === self
  const approve = () =>
    run(async () => {
      await call.approveScript({ scriptId })
      reload()
    })
  return (
    <Drawer
      title={name}
      subtitle={script.description}
      closeLabel={common.close}
      onClose={close}
      footer={
        <>
          {approvedBy === null ? (
            <Button tone="primary" disabled={isBusy || isOwn} onClick={() => void approve()}>
              {isBusy ? strings.approving : strings.approve}
            </Button>
          ) : (
            <Button tone="primary" onClick={onRun}>
              {strings.run}
            </Button>
          )}
          {onVersion ? (
            <>
              <Button onClick={onVersion}>{strings.newVersion}</Button>
              <Button
                className="text-danger-text"
                onClick={() => ask({ ...strings.removal(name), act: () => call.deleteScript({ scriptId }) })}
              >
                {strings.remove}
              </Button>
            </>
          ) : null}
        </>
      }
    >
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
      {approvedBy === null ? <Notice tone="info">{isOwn ? strings.ownNote : strings.readFirst}</Notice> : null}
      <Facts
        facts={[
          [strings.columns.state, <ScriptStatus key="state" script={script} />],
          [strings.columns.version, String(script.version)],
          [strings.columns.author, script.author],
          [strings.columns.made, <Moment key="made" atMs={script.createdAtMs} />],
          [strings.approvedBy, approvedBy ?? strings.nobody],
          [strings.columns.runsAs, TOOL_WORDS[definition.tool]],
          [strings.role, script.roleId === null ? strings.anyRole : (script.roleName ?? strings.goneRole)],
          [strings.program, definition.program],
          [
            strings.columns.digest,
            <code key="digest" className="font-mono text-xs break-all">
              {script.digest}
            </code>,
          ],
        ]}
      />
      <DrawerPart title={strings.text}>
        <pre
          data-selectable
          className="max-h-72 overflow-auto rounded-md border border-line bg-bg p-2 font-mono text-xs whitespace-pre-wrap"
        >
          {definition.text}
        </pre>
      </DrawerPart>
      <DrawerPart title={strings.parameters}>
        {definition.parameters.length === 0 ? <p className="text-muted">{strings.noParameters}</p> : null}
        <ul className="flex flex-col gap-1">
          {definition.parameters.map(parameter => (
            <li key={parameter.name} className="flex items-baseline gap-2">
              <code className="font-mono text-xs">{parameter.name}</code>
              <span className="min-w-0 flex-1 truncate">{parameter.label}</span>
              <span className="text-xs text-muted">{KIND_WORDS[parameter.kind.type]}</span>
            </li>
          ))}
        </ul>
      </DrawerPart>
    </Drawer>
  )
}
