import type { View } from '../../src/chat/view.ts'
import type { Action, ActionState } from '../../src/complaints/action.ts'
import { asId, type Instant, instant } from '../../src/core/words.ts'
import type { StoredAction } from '../../src/storage/actions.ts'
import { complaint, plus, start } from '../complaints/support.ts'
import { account, start as asked, detail, platformOn } from '../platforms/wechat-mini/support.ts'

export const view = (over: Partial<View> = {}): View => ({
  complaint: complaint(),
  account: '小店',
  capable: ['respond', 'add-evidence'],
  rulings: [],
  held: 0,
  failed: 0,
  related: { order: [], payer: [], nth: 1 },
  zone: 'Asia/Shanghai',
  language: 'zh-CN',
  now: start,
  ...over,
})

export const acted = (
  state: ActionState,
  over: Partial<StoredAction> & { readonly action?: Action } = {},
): StoredAction => ({
  id: asId<'action'>('act_1'),
  tenant: asId<'tenant'>('ten_1'),
  complaint: asId<'complaint'>('cmp_1'),
  action: { kind: 'respond', stance: 'agree', text: '好的' },
  key: 'k',
  by: { name: '小李', via: 'chat' },
  state,
  requestedAt: plus(-60_000),
  ...over,
})

/** The view of a mini-program complaint as the platform's own mapping makes it from a detail. */
export async function viewAt(order: object, more: object = {}): Promise<View> {
  const { platform } = platformOn((call) =>
    call.path.endsWith('complaintOrderDetail') ? detail(order, more) : undefined,
  )
  const snapshot = await platform.fetch({ account: account() }, '2157')
  const capable = Object.keys(platform.deeds({ account: account() })) as View['capable']
  const now: Instant = instant(asked)
  return view({ complaint: complaint(snapshot), capable, now })
}
