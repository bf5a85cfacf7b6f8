/** The looks of the pages that a browser gets from the relay. */
export const DOCS_CSS = `:root { color-scheme: light dark; --line: light-dark(#d8dce2, #343a43); --dim: light-dark(#59636f, #9aa5b1); --accent: light-dark(#0b5fd0, #6aa9ff); }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 24px; background: light-dark(#fff, #15181c); color: light-dark(#1b1f24, #e6e9ed); }
h1 { font-size: 24px; margin: 0 0 8px; } h1 small { color: var(--dim); font-weight: 400; } h2 { font-size: 18px; margin: 32px 0 8px; }
a { color: var(--accent); } nav { display: flex; flex-wrap: wrap; gap: 4px 16px; }
details { border-top: 1px solid var(--line); } summary { padding: 8px 4px; cursor: pointer; display: flex; flex-wrap: wrap; gap: 4px 12px; }
summary span { color: var(--dim); } summary:focus-visible, pre:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { font: 13px/1.6 ui-monospace, monospace; } .get, .post, .put, .patch, .delete { min-width: 56px; font-weight: 600; }
.delete { color: light-dark(#b3261e, #ff8f86); } pre { overflow: auto; max-height: 32rem; padding: 12px; background: light-dark(#f4f6f8, #1d2127); border-radius: 6px; font: 12px/1.5 ui-monospace, monospace; }
`
