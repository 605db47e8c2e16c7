/** What a log looks like, whatever its colour: --brand. */
export const logStyle = `
* { box-sizing: border-box; }
body { margin: 0; font: 14px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: #1f2329; background: #f4f5f7; }
header { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; padding: 9px 16px; color: #fff; background: var(--brand); }
h1 { flex: 1; margin: 0; font-size: 15px; white-space: nowrap; }
header a { color: #fff; }
main { max-width: 720px; margin: 0 auto; padding: 12px 12px 64px; }
.note, .small { color: #6b7280; font-size: 12.5px; overflow-wrap: anywhere; }
.note { margin: 2px 4px 12px; }
#log:empty::after { content: attr(data-empty); display: block; padding: 28px 0; text-align: center; color: #6b7280; }
article { margin-bottom: 12px; padding: 12px 14px; background: #fff; border: 1px solid #e8eaed; border-radius: 12px; }
article.inside { margin-left: 22px; }
.top { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 8px; }
.top b { flex: 1; min-width: 0; overflow-wrap: anywhere; }
time { color: #9ca3af; font-size: 12px; font-variant-numeric: tabular-nums; }
.badge { padding: 0 9px; border-radius: 99px; font-size: 12px; background: #eef0f2; color: #4b5563; }
.badge.good { background: #e5f8ee; color: #04703a; }
.badge.bad { background: #fdeaea; color: #b01c1c; }
pre { margin: 8px 0 0; padding: 8px 10px; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; background: #f6f7f8; border-radius: 8px; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 12px; margin: 8px 0 0; }
dt { color: #6b7280; }
dd { margin: 0; overflow-wrap: anywhere; }
details { margin-top: 8px; }
summary { cursor: pointer; color: #6b7280; font-size: 12.5px; }
iframe { width: 100%; height: 360px; margin-top: 8px; border: 1px solid #e8eaed; border-radius: 8px; background: #fff; }
.acts { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 8px; }
button { font: inherit; font-size: 12.5px; padding: 4px 11px; color: #1f2329; background: #fff; border: 1px solid #dcdfe3; border-radius: 99px; cursor: pointer; }
button:hover { border-color: var(--brand); color: var(--brand); }
button:disabled { opacity: .45; }
article img { width: 96px; height: 96px; image-rendering: pixelated; }
#toast { position: fixed; left: 50%; bottom: 18px; max-width: 90%; margin: 0; padding: 7px 16px; color: #fff; background: #1f2329e6; border-radius: 99px; font-size: 13px; opacity: 0; transform: translate(-50%, 8px); transition: .2s; pointer-events: none; }
#toast.shown { opacity: 1; transform: translate(-50%, 0); }
#toast.bad { background: #b91c1c; }
`
