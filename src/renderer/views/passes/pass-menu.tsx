import { Ticket } from 'lucide-react'
import { useState } from 'react'
import { PASS_TTL_S } from '#protocol/limits.ts'
import { Button } from '../../components/button.tsx'
import { Menu, MenuItem, MenuLine, MenuText } from '../../components/menu.tsx'
import { Notice } from '../../components/notice.tsx'
import { Left } from '../../components/times.tsx'
import { useApp } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { strings } from './strings.ts'

interface Outcome {
  readonly words: string
  /** When the pass is worth nothing any more. */
  readonly untilMs: number
  /** Where the person has to copy it themselves. */
  readonly link?: string
}

/** Hands out an access pass of a session, as a file or a link. */
export function usePassMenu(ticket: string) {
  const app = useApp()
  const { isBusy, refusal, run } = useTask()
  const [outcome, setOutcome] = useState<Outcome | null>(null)
  const download = () =>
    run(async () => {
      const untilMs = Date.now() + PASS_TTL_S * 1000
      const name = await app.savePass(ticket)
      setOutcome(name === null ? null : { words: strings.saved(name), untilMs })
    })
  const copy = () =>
    run(async () => {
      const untilMs = Date.now() + PASS_TTL_S * 1000
      const link = await app.passLink(ticket)
      const isCopied = await navigator.clipboard.writeText(link).then(
        () => true,
        () => false,
      )
      setOutcome({ untilMs, ...(isCopied ? { words: strings.copied } : { words: strings.byHand, link }) })
    })
  const menu = (
    <Menu
      trigger={
        <Button disabled={isBusy}>
          <Ticket aria-hidden size={15} />
          {strings.menu}
        </Button>
      }
    >
      <MenuItem onSelect={() => void download()}>{strings.download}</MenuItem>
      <MenuItem onSelect={() => void copy()}>{strings.copyLink}</MenuItem>
      <MenuLine />
      <MenuText>{strings.lifetime}</MenuText>
    </Menu>
  )
  return { menu, note: <PassNote outcome={outcome} refusal={refusal?.message ?? null} /> }
}

function PassNote({ outcome, refusal }: { outcome: Outcome | null; refusal: string | null }) {
  if (refusal !== null) return <Notice tone="danger">{refusal}</Notice>
  if (!outcome) return null
  return (
    <Notice tone="info">
      {outcome.words}
      <span className="block text-muted">
        {strings.left} <Left untilMs={outcome.untilMs} />
      </span>
      {outcome.link ? <span className="block font-mono text-xs break-all">{outcome.link}</span> : null}
    </Notice>
  )
}
