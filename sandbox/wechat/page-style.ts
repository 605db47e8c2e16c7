export const style = `
:root { --green: #07c160; --ink: #1f2329; --soft: #6b7280; --line: #e8eaed; --paper: #fff; --ground: #f4f6f5; }
* { box-sizing: border-box; }
html { background: var(--ground); }
body { margin: 0; color: var(--ink); font: 14px/1.55 -apple-system, BlinkMacSystemFont, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Segoe UI", sans-serif; }
header { position: sticky; top: 0; z-index: 2; display: flex; align-items: center; gap: 8px; padding: 11px 16px; background: var(--paper); border-bottom: 1px solid var(--line); }
header .mark { width: 10px; height: 10px; border-radius: 50%; background: var(--green); box-shadow: 0 0 0 4px #07c16026; }
h1 { flex: 1; margin: 0 0 0 4px; font-size: 15px; font-weight: 600; }
header a { color: var(--soft); text-decoration: none; font-size: 12px; padding: 2px 9px; border: 1px solid var(--line); border-radius: 99px; }
header a:hover { color: var(--green); border-color: var(--green); }
main { max-width: 680px; margin: 0 auto; padding: 12px 12px 64px; }
.note, .empty { margin: 2px 4px 12px; color: var(--soft); font-size: 12.5px; }
.empty { padding: 28px 0; text-align: center; }
h2 { margin: 20px 4px 8px; font-size: 13px; font-weight: 600; color: var(--soft); }
.panel, article { background: var(--paper); border: 1px solid var(--line); border-radius: 12px; box-shadow: 0 1px 2px #0000000a; }
summary { padding: 12px 14px; font-weight: 600; cursor: pointer; list-style: none; display: flex; align-items: center; }
summary::-webkit-details-marker { display: none; }
summary::after { content: ""; margin-left: auto; width: 7px; height: 7px; border: solid var(--soft); border-width: 0 1.5px 1.5px 0; transform: rotate(45deg); transition: transform .15s; }
details[open] > summary::after { transform: rotate(225deg); }
form { display: grid; grid-template-columns: repeat(6, 1fr); gap: 10px; padding: 0 14px 14px; }
label { display: block; grid-column: span 2; min-width: 0; font-size: 12px; color: var(--soft); }
.half { grid-column: span 3; }
.wide, .go { grid-column: 1 / -1; }
input, select, textarea { display: block; width: 100%; min-height: 36px; margin-top: 3px; padding: 7px 9px; font: inherit; font-size: 14px; color: var(--ink); background: #fafbfa; border: 1px solid var(--line); border-radius: 8px; }
textarea { resize: vertical; line-height: 1.5; }
input:focus, select:focus, textarea:focus { outline: 2px solid #07c16040; border-color: var(--green); }
.go { display: flex; gap: 8px; justify-content: flex-end; margin-top: 2px; }
button { font: inherit; font-size: 12.5px; padding: 4px 11px; color: var(--ink); background: var(--paper); border: 1px solid #dcdfe3; border-radius: 99px; cursor: pointer; }
button:hover { border-color: var(--green); color: #05964b; }
button:disabled { opacity: .45; cursor: default; }
button.main { padding: 7px 20px; font-size: 14px; font-weight: 600; color: #fff; background: var(--green); border-color: var(--green); }
button.main:hover { background: #06ad56; color: #fff; }
#another { padding: 7px 14px; }
article { margin-bottom: 12px; scroll-margin-top: 56px; padding: 12px 14px; }
.top { display: flex; flex-wrap: wrap; align-items: center; gap: 6px; }
.id { margin-left: auto; color: var(--soft); font-size: 12px; font-variant-numeric: tabular-nums; }
.badge { padding: 1px 9px; border-radius: 99px; font-size: 12px; background: #eef0f2; color: #4b5563; }
.badge.merchant { background: #fff3e0; color: #a85400; }
.badge.customer { background: #e5f8ee; color: #04703a; }
.badge.platform { background: #e8f1fd; color: #1d5aa8; }
.what { display: flex; gap: 10px; margin-top: 8px; font-weight: 600; }
.product { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.amount { font-variant-numeric: tabular-nums; }
.small { color: var(--soft); font-size: 12.5px; }
.until { color: #a85400; }
.moves { display: flex; gap: 10px; margin-top: 10px; font-size: 12px; color: var(--soft); }
.moves > span { flex: none; min-width: 26px; padding-top: 5px; }
.moves > div { display: flex; flex-wrap: wrap; gap: 6px; }
.moves select { width: auto; min-height: 0; margin: 0; padding: 3px 9px; font-size: 12.5px; border-radius: 99px; }
#orders { margin-top: 12px; }
#orders > div { padding: 0 14px 12px; }
.order { padding: 8px 0; border-top: 1px solid var(--line); }
.order .what { margin: 0; font-weight: 500; }
.order .small { display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: center; overflow-wrap: anywhere; }
#orders p { margin: 8px 0 0; }
#programs > div { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; margin: 0 4px 10px; }
#programs b { font-variant-numeric: tabular-nums; }
#programs button { margin-left: auto; }
button[aria-pressed=true] { color: #a85400; background: #fff3e0; border-color: #f2c78d; }
article > input { min-height: 0; margin-top: 10px; padding: 5px 9px; font-size: 12.5px; }
ol { list-style: none; margin: 12px 0 0; padding: 10px 0 0; border-top: 1px solid var(--line); }
li { position: relative; padding: 0 0 9px 18px; }
li::before { content: ""; position: absolute; left: 2px; top: 6px; width: 8px; height: 8px; border-radius: 50%; background: #9ca3af; }
li::after { content: ""; position: absolute; left: 5.5px; top: 18px; bottom: -2px; width: 1px; background: var(--line); }
li:last-child { padding-bottom: 0; }
li:last-child::after { display: none; }
li.customer::before { background: var(--green); }
li.merchant::before { background: #f59e0b; }
li.platform::before { background: #3b82f6; }
li.clock::before { background: #ef4444; }
li.push { color: var(--soft); font-size: 12px; }
li.push::before { left: 4px; top: 7px; width: 4px; height: 4px; }
li > div:first-child { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 5px; }
li time { margin-left: auto; padding-left: 8px; color: #9ca3af; font-size: 12px; font-variant-numeric: tabular-nums; }
em { font-style: normal; color: #a85400; }
.push em { color: #b91c1c; }
blockquote { margin: 3px 0 0; padding: 6px 10px; background: #f6f8f7; border-radius: 8px; overflow-wrap: anywhere; white-space: pre-wrap; }
.pictures { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 6px; }
.pictures img { display: block; width: 76px; height: 57px; object-fit: cover; border-radius: 6px; border: 1px solid var(--line); }
.change { color: var(--soft); font-size: 12px; }
.good { color: #04703a; }
.bad { color: #b91c1c; }
#toast { position: fixed; left: 50%; bottom: 18px; max-width: 90%; margin: 0; padding: 7px 16px; color: #fff; background: #1f2329e6; border-radius: 99px; font-size: 13px; opacity: 0; transform: translate(-50%, 8px); transition: .2s; pointer-events: none; }
#toast.shown { opacity: 1; transform: translate(-50%, 0); }
#toast.bad { background: #b91c1c; color: #fff; }
`
