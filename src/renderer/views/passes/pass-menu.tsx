import { Ticket } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/button.tsx'
import { Menu, MenuItem, MenuLine, MenuText } from '../../components/menu.tsx'
import { Notice } from '../../components/notice.tsx'
import { useApp } from '../app-context.ts'
import { useTask } from '../use-task.ts'
import { strings } from './strings.ts'

interface Outcome {
  readonly words: string
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
      const name = await app.savePass(ticket)
      setOutcome(name === null ? null : { words: strings.saved(name) })
    })
  const copy = () =>
    run(async () => {
      const link = await app.passLink(ticket)
      const isCopied = await navigator.clipboard.writeText(link).then(
        () => true,
        () => false,
      )
      setOutcome(isCopied ? { words: strings.copied } : { words: strings.byHand, link })
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
      {outcome.link ? <span className="block font-mono text-xs break-all">{outcome.link}</span> : null}
    </Notice>
  )
}
