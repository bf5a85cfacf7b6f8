/** A key combination, as `Ctrl + K`. */
export function Keys({ children }: { children: string }) {
  return <kbd className="rounded border border-line bg-bg px-1 font-sans text-xs leading-4 text-muted">{children}</kbd>
}
