import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import type { Pages } from '../use-pages.ts'
import { strings } from './strings.ts'

interface PagesProps {
  readonly pages: Pick<Pages<unknown>, 'hasMore' | 'isBusy' | 'refusal' | 'more'>
}

/** The way to the next page of a list, where there is one, and why it didn't come. */
export function MoreButton({ pages: { hasMore, isBusy, refusal, more } }: PagesProps) {
  if (!hasMore) return null
  return (
    <div className="flex items-center gap-3 py-2">
      <Button disabled={isBusy} onClick={() => more()}>
        {isBusy ? strings.loadingMore : strings.more}
      </Button>
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
    </div>
  )
}

/** Under a list that asks for its next page by itself: only said where that takes a while or failed. */
export function PagesFoot({ pages }: PagesProps) {
  if (!pages.hasMore || (!pages.isBusy && pages.refusal === null)) return null
  return (
    <div className="border-t border-line px-5">
      <MoreButton pages={pages} />
    </div>
  )
}
