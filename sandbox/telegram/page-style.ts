export const style = `
* { box-sizing: border-box; }
html, body { height: 100%; }
body { margin: 0; display: flex; flex-direction: column; font: 14px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; color: #17212b; background: #d6e4ee; }
header { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; padding: 8px 14px; color: #fff; background: #2a7fb8; }
h1 { margin: 0; font-size: 15px; flex: 1; white-space: nowrap; }
header a { color: #fff; }
header label { display: flex; gap: 5px; align-items: center; }
select, input, button { font: inherit; border: 1px solid #c3d0da; border-radius: 8px; padding: 5px 9px; background: #fff; color: inherit; }
select { max-width: 180px; color: #17212b; }
main { flex: 1; overflow-y: auto; padding: 12px 14px; }
article { width: fit-content; min-width: 170px; max-width: min(520px, 92%); margin: 0 0 8px; padding: 6px 10px; background: #fff; border-radius: 12px; box-shadow: 0 1px 1px #0001; overflow-wrap: anywhere; }
article.mine { margin-left: auto; background: #e3f7d3; }
.text { white-space: pre-wrap; }
.small { font-size: 12px; color: #5a6b78; }
.small b { color: #1f6a9c; }
.end { text-align: right; }
.service { width: fit-content; margin: 6px auto; padding: 1px 10px; font-size: 12px; color: #fff; background: #6b8599; border-radius: 99px; }
img { max-width: 100%; max-height: 180px; border-radius: 8px; display: block; margin: 3px 0; }
.file { display: block; }
.marked, article a { color: #1a6fa8; }
code { background: #0000000d; padding: 0 3px; border-radius: 4px; }
.pre { display: block; white-space: pre-wrap; padding: 5px; }
q { display: block; quotes: none; border-left: 3px solid #2a7fb8; padding-left: 7px; }
.spoiler { background: #17212b; } .spoiler:hover { background: none; }
.reply { border-left: 2px solid #2a7fb8; padding-left: 6px; margin: 2px 0; }
.sign { display: inline-block; position: relative; width: 13px; height: 13px; vertical-align: -1px; overflow: hidden; font-style: normal; text-indent: 20px; white-space: nowrap; border-radius: 50%; }
.blue { background: #2f80ed; } .orange { background: #f2994a; } .red, .ask { background: #d93838; } .done { background: #27a35a; border-radius: 3px; }
.done::after, .ask::after { content: '✓'; position: absolute; inset: 0; color: #fff; font: bold 10px/13px sans-serif; text-align: center; text-indent: 0; }
.ask::after { content: '?'; }
.keys { display: flex; gap: 4px; margin-top: 4px; }
.key { flex: 1; text-align: center; text-decoration: none; color: #14557f; background: #e8f1f7; border-color: #e8f1f7; border-radius: 8px; padding: 6px; cursor: pointer; }
.key.danger { color: #b01c1c; background: #fbe9e9; border-color: #fbe9e9; }
.key.success { color: #14682f; background: #e5f4e9; border-color: #e5f4e9; }
.key.primary { color: #fff; background: #2a7fb8; border-color: #2a7fb8; }
.answer { border: 0; padding: 0 4px; background: none; color: #5a6b78; cursor: pointer; }
form { display: flex; flex-wrap: wrap; gap: 6px; padding: 8px 14px; background: #fff; }
form input { flex: 1; min-width: 120px; }
form p { flex-basis: 100%; margin: 0; color: #1f6a9c; }
#reply[hidden] { display: none; }
.main { color: #fff; background: #2a7fb8; border-color: #2a7fb8; }
#toast { position: fixed; left: 50%; bottom: 64px; max-width: 90%; margin: 0; padding: 7px 16px; color: #fff; background: #17212be6; border-radius: 99px; opacity: 0; transform: translate(-50%, 8px); transition: .2s; pointer-events: none; }
#toast.shown { opacity: 1; transform: translate(-50%, 0); }
#toast.bad { background: #b01c1c; }
`
