import { clsx } from 'clsx'
import { Button } from '../../../components/button.tsx'
import { fileStrings as strings } from './file-strings.ts'

/** What applying the document would do, one line each: + made, ~ changed, - deleted. */
export function Differences(props: { lines: readonly string[]; isBusy: boolean; onApply: () => void }) {
  const { lines, isBusy, onApply } = props
  return (
    <aside aria-label={strings.differences} className="flex w-[440px] shrink-0 flex-col border-l border-line bg-raised">
      <h2 role="status" className="px-5 pt-3 pb-2 font-semibold">
        {strings.count(lines.length)}
      </h2>
      <ul data-selectable className="min-h-0 flex-1 overflow-y-auto px-5 font-mono text-xs leading-5">
        {lines.map(line => (
          <li
            key={line}
            className={clsx(
              'border-b border-line py-1 break-words',
              line.startsWith('+') && 'text-ok-text',
              line.startsWith('-') && 'text-danger-text',
              line.startsWith('~') && 'text-warn-text',
            )}
          >
            {line}
          </li>
        ))}
      </ul>
      {lines.length > 0 ? (
        <footer className="flex flex-col gap-2 border-t border-line px-5 py-3">
          <p className="text-xs text-muted">{strings.applyHint}</p>
          <div>
            <Button tone="danger" disabled={isBusy} onClick={onApply}>
              {isBusy ? strings.applying : strings.apply}
            </Button>
          </div>
        </footer>
      ) : null}
    </aside>
  )
}
