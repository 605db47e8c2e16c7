import { style as base } from '../wechat/page-style.ts'

/** The look of the other WeChat page, and what only this one has. */
export const style = `${base}
#merchants > div { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 16px; margin: 0 4px 10px; }
#merchants b { font-variant-numeric: tabular-nums; }
#merchants button { margin-left: auto; }
.order select { width: auto; min-height: 0; margin: 0 0 0 auto; padding: 2px 8px; font-size: 12px; border-radius: 99px; }
.refund { display: flex; flex-wrap: wrap; align-items: center; gap: 4px 8px; margin-top: 6px; font-size: 12.5px; }
.refund code { color: var(--soft); font-size: 11.5px; overflow-wrap: anywhere; }
.refund b { font-variant-numeric: tabular-nums; }
.refund span.ends { display: flex; gap: 6px; margin-left: auto; }
.check { display: flex; align-items: center; gap: 6px; align-self: end; min-height: 36px; }
.check input { width: auto; min-height: 0; margin: 0; }
`
