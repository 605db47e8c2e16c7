import { chatStyle } from '../page/chat-style.ts'

export const style = `
:root { --brand: #2a7fb8; --ink: #17212b; --soft: #5a6b78; --ground: #d6e4ee; --line: #c3d0da; }
${chatStyle}
article { width: fit-content; min-width: 170px; max-width: min(520px, 92%); margin: 0 0 8px; padding: 6px 10px; background: #fff; border-radius: 12px; box-shadow: 0 1px 1px #0001; overflow-wrap: anywhere; }
article.mine { margin-left: auto; background: #e3f7d3; }
.text { white-space: pre-wrap; }
.small b { color: #1f6a9c; }
.service { width: fit-content; margin: 6px auto; padding: 1px 10px; font-size: 12px; color: #fff; background: #6b8599; border-radius: 99px; }
.marked, article a { color: #1a6fa8; }
q { display: block; quotes: none; border-left: 3px solid #2a7fb8; padding-left: 7px; }
.spoiler { background: #17212b; } .spoiler:hover { background: none; }
.keys { display: flex; gap: 4px; margin-top: 4px; }
.key { flex: 1; text-align: center; text-decoration: none; color: #14557f; background: #e8f1f7; border-color: #e8f1f7; border-radius: 8px; padding: 6px; cursor: pointer; }
.key.danger { color: #b01c1c; background: #fbe9e9; border-color: #fbe9e9; }
.key.success { color: #14682f; background: #e5f4e9; border-color: #e5f4e9; }
.key.primary { color: #fff; background: #2a7fb8; border-color: #2a7fb8; }
form input { flex: 1; min-width: 120px; }
`
