import { style as base } from '../wechat/page-style.ts'

/** The look of the other pages in this platform's blue, and what only this one has. */
export const style = `${base.replaceAll('#07c160', '#1677ff').replaceAll('#05964b', '#0f5fd1').replaceAll('#06ad56', '#0f5fd1')}
#merchants > div { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; margin: 0 4px 10px; }
#merchants b { font-variant-numeric: tabular-nums; }
#merchants button { margin-left: auto; }
.refund { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; margin-top: 6px; font-size: 12.5px; }
.refund code { color: var(--soft); font-size: 11.5px; overflow-wrap: anywhere; }
.refund b { font-variant-numeric: tabular-nums; }
.asks { margin: 18px 4px; font-size: 16px; }
.agree { display: flex; align-items: center; justify-content: space-between; gap: 12px; margin-bottom: 10px; padding: 12px 14px; color: var(--ink); text-decoration: none; background: var(--paper); border: 1px solid var(--line); border-radius: 12px; }
.agree .small { display: block; font-variant-numeric: tabular-nums; }
.agree .yes { flex: none; padding: 7px 18px; color: #fff; background: #1677ff; border-radius: 99px; font-weight: 600; }
.agree:hover { border-color: #1677ff; }
`
