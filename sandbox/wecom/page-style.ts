import { chatStyle } from '../page/chat-style.ts'

export const style = `
:root { --brand: #2a6fd6; --ink: #1c1f23; --soft: #7d8590; --ground: #f2f3f5; --line: #dfe3e8; }
${chatStyle}
header { position: relative; z-index: 3; }
header summary { cursor: pointer; list-style: none; font-size: 13px; opacity: .9; }
#spoil { position: relative; }
#spoil > div { position: absolute; right: 0; top: 28px; display: grid; gap: 4px; padding: 8px; background: #fff; border-radius: 8px; box-shadow: 0 6px 20px #0003; }
#spoil button { color: var(--ink); white-space: nowrap; text-align: left; cursor: pointer; }
#trouble { margin: 0; padding: 4px 14px; color: #7a2e00; background: #ffe9d6; }
#trouble[hidden], #staged[hidden] { display: none; }
#desk { flex: 1; min-height: 0; display: flex; }
#chats { width: 210px; flex: none; overflow-y: auto; background: #fff; border-right: 1px solid var(--line); }
#chats button { display: flex; gap: 9px; align-items: center; width: 100%; padding: 9px 10px; text-align: left; border: 0; border-radius: 0; cursor: pointer; }
#chats button[aria-current=true] { background: #e3ecfa; }
.words { flex: 1; min-width: 0; }
.words b, .words span { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-weight: 500; }
.words .small { font-weight: 400; } .away { color: #b01c1c; }
section { flex: 1; min-width: 0; min-height: 0; display: flex; flex-direction: column; }
.face { display: grid; place-items: center; width: 36px; height: 36px; flex: none; color: #fff; font-size: 15px; border-radius: 6px; background: #5b8fd9; }
.f1 { background: #4aa08a; } .f2 { background: #c58a3f; } .f3 { background: #8d75c9; } .f4 { background: #c96a7b; } .f5 { background: #5f8f4e; }
.fbot { background: #2a6fd6; } .group .face { background: #6c8ebf; }
article { display: grid; grid-template-columns: 36px minmax(0, 1fr); gap: 2px 9px; margin: 0 0 14px; max-width: 560px; }
article .face { grid-row: span 3; }
article .small b { font-weight: 400; }
article.mine { grid-template-columns: minmax(0, 1fr) 36px; margin-left: auto; }
article.mine .face { grid-column: 2; grid-row: 1 / span 3; }
article.mine > .small { grid-column: 1; grid-row: 1; display: flex; justify-content: flex-end; gap: 5px; } article.mine .answer { order: -1; }
article.mine .bubble { grid-column: 1; grid-row: 2; justify-self: end; background: #cfe3ff; }
.tag { font-style: normal; padding: 0 4px; color: #2a6fd6; background: #e3ecfa; border-radius: 3px; }
.answer { visibility: hidden; } article:hover .answer, article:focus-within .answer { visibility: visible; }
@media (hover: none) { .answer { visibility: visible; } }
.bubble { justify-self: start; max-width: 100%; padding: 8px 11px; background: #fff; border-radius: 6px; overflow-wrap: anywhere; }
article .bubble .small { text-align: left; }
.bubble.image { padding: 4px; }
.bubble.card { width: min(360px, 100%); padding: 0; border: 1px solid #e8eaee; border-radius: 10px; }
.plain { white-space: pre-wrap; }
article a { color: #2a6fd6; text-decoration: none; }
q { display: block; quotes: none; border-left: 3px solid #c9d0d8; padding-left: 8px; color: #5c646e; }
.gap { height: 8px; } .h1 { font-size: 19px; } .h2 { font-size: 17px; } .h3 { font-size: 16px; } .h1, .h2, .h3, .h4, .h5, .h6 { font-weight: 600; }
.item { padding-left: 14px; position: relative; } .item::before { content: '•'; position: absolute; left: 2px; } .deep { margin-left: 14px; }
.m1 { font-style: italic; } .m2 { font-weight: 600; } .m3 { font-weight: 600; font-style: italic; }
.info { color: #2f8f3f; } .comment { color: var(--soft); } .warning { color: #d0742a; }
table { border-collapse: collapse; } td { border: 1px solid var(--line); padding: 2px 7px; } hr { border: 0; border-top: 1px solid var(--line); }
.card { position: relative; }
div.card > .card { padding: 12px 14px; }
.card h3 { margin: 0 22px 2px 0; font-size: 16px; line-height: 1.4; }
.card p { margin: 0 0 6px; } .card .sub { white-space: pre-wrap; }
.source { margin-bottom: 5px; padding-right: 22px; font-size: 12px; color: var(--soft); } .c1 { color: var(--ink); } .c2 { color: #d93838; } .c3 { color: #2f8f3f; }
.big { font-size: 24px; text-align: center; }
.quote { margin: 6px 0; padding: 7px 10px; color: #4b525b; background: #f5f6f8; border-radius: 6px; white-space: pre-wrap; }
.card dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 3px 12px; margin: 6px 0; } dt { color: var(--soft); } dd { margin: 0; }
.jump { display: flex; justify-content: space-between; gap: 8px; padding: 6px 0; border-top: 1px solid #eef0f3; }
.question { display: flex; align-items: center; justify-content: space-between; gap: 10px; margin: 8px 0 0; color: var(--soft); } .question select { max-width: 62%; }
.card .keys { display: flex; flex-wrap: wrap; gap: 7px; margin-top: 10px; }
.key { flex: 1 1 30%; padding: 6px 4px; border-radius: 6px; cursor: pointer; color: #2a6fd6; border-color: #2a6fd6; }
.s1 { color: #fff; background: #2a6fd6; } .s3 { color: #d93838; border-color: #d93838; } .s4 { color: #4b525b; border-color: #cdd3da; }
.menu { position: absolute; right: 8px; top: 8px; z-index: 1; }
.menu summary { width: 26px; text-align: center; font-size: 17px; color: var(--soft); cursor: pointer; list-style: none; border-radius: 6px; }
.menu summary:hover { background: #eef0f3; }
.menu > div { position: absolute; right: 0; display: grid; min-width: 110px; padding: 4px; background: #fff; border: 1px solid var(--line); border-radius: 8px; box-shadow: 0 6px 18px #0002; }
.menu button { border: 0; text-align: left; white-space: nowrap; cursor: pointer; } .menu button:hover { background: #eef0f3; }
.turning { position: relative; color: transparent; }
.turning::after { content: ''; position: absolute; left: calc(50% - 7px); top: calc(50% - 7px); width: 14px; height: 14px; border: 2px solid #8aa9dc; border-top-color: transparent; border-radius: 50%; animation: turn .8s linear infinite; }
@keyframes turn { to { transform: rotate(360deg); } }
.late { display: none; grid-column: 2; margin: 0; font-size: 12px; color: #b01c1c; } .missed .late { display: block; }
.button { padding: 5px 9px; border: 1px solid var(--line); border-radius: 8px; cursor: pointer; } .button:focus-within { outline: 2px solid #2a6fd655; } .button input { position: absolute; width: 1px; height: 1px; padding: 0; opacity: 0; }
form { border-top: 1px solid var(--line); position: relative; }
form textarea { flex-basis: 100%; order: 1; min-height: 54px; resize: none; border: 0; padding: 4px 2px; outline: none; } form .main { order: 2; margin-left: auto; padding: 5px 22px; }
#bots { display: contents; }
#staged { display: flex; flex-wrap: wrap; gap: 6px; } #staged img { height: 52px; border-radius: 4px; display: block; } #staged button { padding: 2px 4px; cursor: pointer; }
@media (max-width: 620px) {
#desk { flex-direction: column; }
#chats { display: flex; width: auto; overflow-x: auto; border-right: 0; border-bottom: 1px solid var(--line); }
#chats button { width: auto; padding: 6px 12px; } #chats .face { width: 26px; height: 26px; font-size: 12px; } #chats .small:not(.away) { display: none; }
form textarea { min-height: 34px; }
header { gap: 4px 9px; padding: 8px 10px; } h1 { font-size: 14px; } header label { font-size: 0; } header select { font-size: 14px; max-width: 105px; }
}
`
