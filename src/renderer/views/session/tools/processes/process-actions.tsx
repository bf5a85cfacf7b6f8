import { useState } from 'react'
import type { ProcessRef, ProcessRow, ToolAction } from '#protocol/tools/messages.ts'
import { Button } from '../../../../components/button.tsx'
import { Dialog } from '../../../../components/dialog.tsx'
import { Menu, MenuChoice } from '../../../../components/menu.tsx'
import { processStrings as strings } from '../strings.ts'
import { descendantsOf } from './process-tree.ts'

const ENDING = { end: strings.end, 'force-end': strings.forceEnd, 'end-tree': strings.endTree } as const
type Ending = keyof typeof ENDING

/** What may be done to the chosen process. What loses work names it and asks. */
export function ProcessActions(props: {
  rows: readonly ProcessRow[]
  chosen: ProcessRow | null
  isBusy: boolean
  act: (action: ToolAction) => void
  openShellAt: ((process: ProcessRef) => void) | undefined
}) {
  const { rows, chosen, act, openShellAt } = props
  const [asked, setAsked] = useState<{ verb: Ending; row: ProcessRow } | null>(null)
  const isOff = !chosen || chosen.isProtected || props.isBusy
  const refOf = ({ pid, startTicks }: ProcessRow) => ({ pid, startTicks })
  return (
    <>
      {(Object.keys(ENDING) as Ending[]).map(verb => (
        <Button key={verb} isSmall disabled={isOff} onClick={() => chosen && setAsked({ verb, row: chosen })}>
          {ENDING[verb]}
        </Button>
      ))}
      <Button
        isSmall
        disabled={isOff}
        onClick={() => chosen && act({ verb: chosen.state === 'T' ? 'resume' : 'suspend', process: refOf(chosen) })}
      >
        {chosen?.state === 'T' ? strings.resume : strings.suspend}
      </Button>
      <Menu
        trigger={
          <Button isSmall disabled={isOff}>
            {strings.priority}
          </Button>
        }
      >
        <MenuChoice
          value={String(chosen?.nice ?? 0)}
          onChange={nice => chosen && act({ verb: 'priority', process: refOf(chosen), nice: Number(nice) })}
          options={Object.entries(strings.priorities).map(([value, label]) => ({ value, label, note: value }))}
        />
      </Menu>
      {openShellAt ? (
        <Button
          isSmall
          disabled={!chosen}
          title={strings.shellHereHint}
          onClick={() => chosen && openShellAt(refOf(chosen))}
        >
          {strings.shellHere}
        </Button>
      ) : null}
      {asked ? (
        <Dialog
          title={strings.confirm(ENDING[asked.verb], asked.row.name, asked.row.pid)}
          onClose={() => setAsked(null)}
        >
          <p className="mb-4 text-muted">
            {asked.verb === 'end-tree' ? strings.confirmTree(descendantsOf(rows, asked.row.pid)) : strings.confirmText}
          </p>
          <div className="flex justify-end gap-2">
            <Button onClick={() => setAsked(null)}>{strings.cancel}</Button>
            <Button
              tone="danger"
              onClick={() => {
                act({ verb: asked.verb, process: refOf(asked.row) })
                setAsked(null)
              }}
            >
              {`${ENDING[asked.verb]} ${asked.row.name}`}
            </Button>
          </div>
        </Dialog>
      ) : null}
    </>
  )
}
