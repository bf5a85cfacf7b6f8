import { Button } from '../../components/button.tsx'
import { Notice } from '../../components/notice.tsx'
import { strings } from './strings.ts'
import type { Pages } from './use-pages.ts'

/** The way to the next page of a list, where there is one, and why it didn't come. */
export function MoreButton({ pages }: { pages: Pick<Pages<unknown>, 'hasMore' | 'isBusy' | 'refusal' | 'more'> }) {
  const { hasMore, isBusy, refusal, more } = pages
  if (!hasMore) return null
  return (
    <div className="flex items-center gap-3 py-2">
      <Button disabled={isBusy} onClick={more}>
        {isBusy ? strings.loadingMore : strings.more}
      </Button>
      {refusal ? <Notice tone="danger">{refusal}</Notice> : null}
    </div>
  )
}
