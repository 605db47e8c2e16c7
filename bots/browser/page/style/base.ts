/** Colours, type, and the plain controls. */
export const base = `
:root {
  --outer: #e9edf2; --ground: #f4f6f8; --surface: #ffffff; --line: #e2e6ec; --line-strong: #cfd6df;
  --ink: #18212d; --soft: #53606f; --faint: #697585; --wash: #f3f5f8;
  --accent: #2563eb; --accent-deep: #1d4fc4; --accent-wash: #e9f0fe; --on-accent: #ffffff;
  --mine: #d8e6ff; --shadow: 0 1px 2px rgb(24 33 45 / 5%), 0 4px 14px rgb(24 33 45 / 5%);
  --high: 0 10px 34px rgb(24 33 45 / 20%);
  --calm: #a9b8cc; --urgent: #f0a020; --urgent-ink: #8f5600; --urgent-wash: #fff3dc;
  --late: #dc3d43; --late-ink: #b4232a; --late-wash: #fdebec;
  --settled: #86b396; --settled-ink: #2f6a45; --settled-wash: #e8f3ec;
  --toast: #1f2937; --toast-ink: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root {
    --outer: #0e1217; --ground: #14191f; --surface: #1c232b; --line: #2b343f; --line-strong: #3b4653;
    --ink: #e7ecf2; --soft: #a9b4c1; --faint: #8e9aa8; --wash: #232b34;
    --accent: #5b93ff; --accent-deep: #7aa7ff; --accent-wash: #1f3156; --on-accent: #0b1526;
    --mine: #23407a; --shadow: 0 1px 2px rgb(0 0 0 / 30%); --high: 0 10px 34px rgb(0 0 0 / 55%);
    --calm: #4d5c70; --urgent: #e0a030; --urgent-ink: #f3c069; --urgent-wash: #3a2d12;
    --late: #e5565c; --late-ink: #ff9a9e; --late-wash: #43191c;
    --settled: #4f8a66; --settled-ink: #8fd0a8; --settled-wash: #17301f;
    --toast: #e7ecf2; --toast-ink: #141a21;
  }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html, body { height: 100%; margin: 0; }
body {
  background: var(--outer); color: var(--ink); overflow: hidden;
  font: 15px/1.6 -apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei",
    "Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Micro Hei", sans-serif;
  -webkit-font-smoothing: antialiased; text-rendering: optimizeLegibility; -webkit-text-size-adjust: 100%;
}
h1, h2, h3, p, dl, dd, blockquote, ul { margin: 0; padding: 0; }
button, textarea { font: inherit; color: inherit; }
button { border: 0; background: none; padding: 0; cursor: pointer; -webkit-tap-highlight-color: transparent; }
button:disabled { cursor: default; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.stream:focus-visible { outline-offset: -2px; }
.icon { width: 1.25em; height: 1.25em; fill: none; stroke: currentcolor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; flex: none; }
.space { flex: 1; }

.avatar {
  --tint: var(--accent);
  display: inline-grid; place-items: center; flex: none; width: 38px; height: 38px; border-radius: 10px;
  background: var(--tint); color: #fff; font-size: 13px; font-weight: 600; line-height: 1; user-select: none;
}
.avatar img { width: 100%; height: 100%; border-radius: inherit; display: block; }
.avatar.bot { background: none; }
.avatar.group { background: var(--accent-wash); color: var(--accent); font-size: 17px; }
.avatar.small { width: 30px; height: 30px; border-radius: 8px; font-size: 11px; }

.tool {
  position: relative; display: inline-grid; place-items: center; flex: none; width: 36px; height: 36px; border-radius: 9px;
  color: var(--soft); font-size: 17px; transition: background .15s, color .15s;
}
.tool:hover { background: var(--wash); color: var(--ink); }

.button {
  position: relative; display: inline-flex; align-items: center; justify-content: center; gap: 6px; min-height: 36px; padding: 5px 16px;
  border: 1px solid transparent; border-radius: 9px; font-size: 14px; font-weight: 500; line-height: 1.4; text-align: center;
  transition: background .15s, border-color .15s, color .15s, transform .05s;
}
.button:active:not(:disabled) { transform: scale(.98); }
.button.main { background: var(--accent); color: var(--on-accent); }
.button.main:hover:not(:disabled) { background: var(--accent-deep); }
.button.plain { background: var(--surface); border-color: var(--line-strong); color: var(--ink); }
.button.plain:hover:not(:disabled) { background: var(--wash); }
.button.danger { background: var(--late-wash); color: var(--late-ink); border-color: color-mix(in srgb, var(--late) 35%, transparent); }
.button.danger:hover:not(:disabled) { background: var(--late); color: #fff; }
.button.ghost { color: var(--soft); padding-inline: 8px; }
.button.ghost:hover { background: var(--wash); color: var(--ink); }
.button:disabled { opacity: .55; }
.busy > span { visibility: hidden; }
.button.busy { opacity: 1; }
.busy::after {
  content: ""; position: absolute; inset: 0; margin: auto; width: 16px; height: 16px; border-radius: 50%;
  border: 2px solid currentcolor; border-right-color: transparent; animation: turn .7s linear infinite;
}
@keyframes turn { to { transform: rotate(1turn); } }
@media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation-duration: .01s !important; transition: none !important; scroll-behavior: auto !important; } }
`
