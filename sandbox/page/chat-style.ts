/** What played chats look like, whatever their colours: --brand, --ink, --soft, --ground, --line. */
export const chatStyle = `
* { box-sizing: border-box; }
html, body { height: 100%; }
body { margin: 0; display: flex; flex-direction: column; font: 14px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: var(--ink); background: var(--ground); }
header { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; padding: 8px 14px; color: #fff; background: var(--brand); }
h1 { margin: 0; font-size: 15px; flex: 1; white-space: nowrap; }
header a { color: #fff; }
header label { display: flex; gap: 5px; align-items: center; }
select, input, textarea, button { font: inherit; border: 1px solid var(--line); border-radius: 8px; padding: 5px 9px; background: #fff; color: inherit; }
select { max-width: 180px; color: var(--ink); }
main { flex: 1; overflow-y: auto; padding: 12px 14px; }
.small { font-size: 12px; color: var(--soft); }
.end { text-align: right; }
article img { max-width: 100%; max-height: 180px; border-radius: 8px; display: block; margin: 3px 0; }
.file { display: block; }
code { background: #0000000d; padding: 0 3px; border-radius: 4px; }
.pre { display: block; white-space: pre-wrap; padding: 5px; }
.reply { border-left: 2px solid var(--brand); padding-left: 6px; margin: 2px 0; }
.sign { display: inline-block; position: relative; width: 13px; height: 13px; vertical-align: -1px; overflow: hidden; font-style: normal; text-indent: 20px; white-space: nowrap; border-radius: 50%; }
.blue { background: #2f80ed; } .orange { background: #f2994a; } .red, .ask { background: #d93838; } .done { background: #27a35a; border-radius: 3px; }
.done::after, .ask::after { content: '✓'; position: absolute; inset: 0; color: #fff; font: bold 10px/13px sans-serif; text-align: center; text-indent: 0; }
.ask::after { content: '?'; }
.answer { border: 0; padding: 0 4px; background: none; color: var(--soft); cursor: pointer; }
form { display: flex; flex-wrap: wrap; gap: 6px; padding: 8px 14px; background: #fff; }
form p { flex-basis: 100%; margin: 0; color: var(--brand); }
#reply[hidden] { display: none; }
.main { color: #fff; background: var(--brand); border-color: var(--brand); }
#toast { position: fixed; left: 50%; bottom: 64px; max-width: 90%; margin: 0; padding: 7px 16px; color: #fff; background: #17212be6; border-radius: 99px; opacity: 0; transform: translate(-50%, 8px); transition: .2s; pointer-events: none; }
#toast.shown { opacity: 1; transform: translate(-50%, 0); }
#toast.bad { background: #b01c1c; }
`
