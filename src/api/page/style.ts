/** The look of every page: one column, system fonts, light and dark. */
export const STYLE = `
:root {
  --page: #f3f1ea; --card: #fffdf8; --ink: #1f2420; --soft: #5f665f; --line: #dedacd;
  --field: #f6f3ea; --accent: #2f5d43; --on-accent: #ffffff; --warn: #8a4b10; --warn-back: #fbefdc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #141714; --card: #1c201c; --ink: #e9ebe5; --soft: #9aa39a; --line: #313831;
    --field: #131613; --accent: #8fc7a3; --on-accent: #10201a; --warn: #f0c48a; --warn-back: #33291a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; min-height: 100vh; display: grid; place-items: center; grid-template-columns: minmax(0, 1fr); padding: 2rem 1rem;
  background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
}
main {
  width: 100%; max-width: 44rem; padding: 2.25rem 2.5rem 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 14px;
  box-shadow: 0 1px 2px rgb(0 0 0 / .05), 0 12px 32px rgb(0 0 0 / .07);
}
@media (max-width: 34rem) { main { padding: 1.5rem 1.25rem; } }
.brand {
  display: flex; align-items: center; gap: .55rem; margin: 0 0 1.6rem;
  color: var(--soft); font-size: .875rem; font-weight: 600; letter-spacing: .02em;
}
.mark { width: .85rem; height: .85rem; border: 2px solid var(--accent); border-radius: 3px; transform: rotate(45deg); }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; text-wrap: balance; overflow-wrap: anywhere; }
h2 { margin: 1.75rem 0 .5rem; font-size: .875rem; font-weight: 600; color: var(--soft); }
p { margin: 0 0 1rem; text-wrap: pretty; }
footer { color: var(--soft); font-size: .9rem; }
footer { margin-top: 1.75rem; padding-top: 1.1rem; border-top: 1px solid var(--line); }
footer p:last-child { margin: 0; }
a { color: var(--accent); }
button {
  font: inherit; font-weight: 600; cursor: pointer; border: 1px solid transparent; border-radius: 8px;
  padding: .7rem 1.3rem; background: var(--accent); color: var(--on-accent);
}
input {
  font: inherit; margin-top: .35rem; padding: .65rem .8rem; width: min(100%, 24rem); border: 1px solid var(--line);
  border-radius: 8px; background: var(--field); color: inherit;
}
label { font-weight: 600; }
button:hover { filter: brightness(1.08); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.box {
  display: flex; align-items: stretch; background: var(--field); border: 1px solid var(--line);
  border-radius: 8px; overflow: hidden;
}
.box > :first-child {
  flex: 1; min-width: 0; margin: 0; padding: .75rem .9rem; overflow-x: auto;
  font: .875rem/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
.box pre { white-space: pre; tab-size: 4; }
.box code { white-space: pre-wrap; word-break: break-all; user-select: all; }
.box.key { border-color: var(--accent); }
.box.key code { font-size: .95rem; }
.box button {
  padding: .5rem .9rem; min-width: 5.2rem; border-radius: 0; border-left: 1px solid var(--line);
  background: transparent; color: var(--accent); font-size: .875rem;
}
.warn {
  margin-top: 1rem; padding: .7rem .9rem; border-radius: 8px; background: var(--warn-back); color: var(--warn); font-weight: 550;
}
ul { margin: 0 0 1rem; padding-left: 1.2rem; }
li { margin: .25rem 0; }
p code, li code { font: .9em ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
`;
