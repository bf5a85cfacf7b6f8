/** The colours are those of the other windows that the person sees. */
export const HISTORY_STYLE = `
:root { color-scheme: light dark; --bg: #f4f6f8; --surface: #fff; --line: #d9dee5; --text: #14171c; --muted: #505b6a; --accent: #1d5bd0; --danger: #a3241a; --ok: #1c6b38; }
@media (prefers-color-scheme: dark) {
  :root { --bg: #111418; --surface: #1a1e24; --line: #333a44; --text: #e8ebef; --muted: #a9b3c1; --accent: #7ba6f7; --danger: #f0938b; --ok: #7fce9a; }
}
* { box-sizing: border-box; margin: 0; }
body { background: var(--bg); color: var(--text); font: 18px/1.45 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 32px 24px; }
h1 { font-size: 28px; line-height: 1.25; margin-bottom: 8px; }
h2 { font-size: 18px; }
ol { list-style: none; padding: 0; margin-top: 24px; display: grid; gap: 16px; }
article { padding: 16px 20px; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); overflow-wrap: anywhere; }
.who { margin-top: 4px; }
.answer { margin-top: 8px; font-weight: 600; }
.answer.granted { color: var(--ok); }
.answer.denied, .broken { color: var(--danger); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin-top: 8px; }
dt { color: var(--muted); }
dd { min-width: 0; }
details { margin-top: 12px; }
summary { color: var(--accent); cursor: pointer; }
summary:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
ul { list-style: none; padding: 0; margin-top: 8px; display: grid; gap: 8px; }
.said { font-size: 16px; color: var(--muted); }
.text { white-space: pre-wrap; }
details > .said { margin-top: 8px; }
.receipt { margin-top: 12px; font-size: 16px; color: var(--muted); }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
@media print { body { background: none; } .receipt a { display: none; } }
`
