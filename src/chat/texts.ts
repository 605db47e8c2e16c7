import type { Language } from '../storage/tenants.ts'

/**
 * Every word that an operator reads in a chat, in both languages; `{name}` is filled in.
 * A sentence that refuses says what to do next.
 */
const texts = {
  'phase.ours': ['待我方处理', 'Our turn'],
  'phase.theirs': ['待用户', "User's turn"],
  'phase.platform': ['平台处理中', 'With the platform'],
  'phase.remedy': ['已判我方责任，待补救', 'Judged against us'],
  'phase.closed': ['已结束', 'Closed'],

  'line.turn': ['进度', 'Turn'],
  'line.merchant': ['商家', 'Merchant'],
  'line.reason': ['原因', 'Reason'],
  'line.product': ['商品', 'Product'],
  'line.amount': ['投诉所示金额', 'Amount shown'],
  'line.order': ['商户订单', 'Order'],
  'line.same-order': ['同一订单', 'Same order'],
  'line.who': ['投诉人', 'Customer'],
  'line.nth': ['{who}（第 {nth} 次投诉）', '{who} (complaint no. {nth})'],
  'line.nth.before': ['{who}（第 {nth} 次投诉，之前 {before}）', '{who} (complaint no. {nth}, before: {before})'],
  'line.due': ['截止', 'Due'],
  'line.returned': ['退货', 'Return'],
  'line.appeal': ['可申诉至', 'Appeal until'],
  'line.opened': ['投诉时间', 'Opened'],
  'line.claimed': ['处理人', 'Handled by'],
  'line.pictures': ['图片', 'Pictures'],
  'line.pictures.held': ['{count} 张', '{count}'],
  'line.pictures.failed': ['{count} 张，另有 {failed} 张未能取到', '{count}, {failed} could not be fetched'],
  'line.number': ['投诉单号', 'Complaint no.'],
  'line.phone': ['电话', 'Phone'],

  'button.agree': ['同意和解', 'Agree'],
  'button.refuse': ['拒绝和解', 'Refuse'],
  'button.reply': ['回复', 'Reply'],
  'button.add-evidence': ['补充凭证', 'Add evidence'],
  'button.prove-refund': ['退款凭证', 'Refund proof'],
  'button.appeal': ['申诉', 'Appeal'],
  'button.received': ['已收到退货', 'Goods received'],
  'button.not-received': ['未收到退货', 'Not received'],
  'button.refund': ['退款', 'Refund'],
  'button.approve-refund': ['同意退款', 'Approve refund'],
  'button.reject-refund': ['拒绝退款', 'Reject refund'],
  'button.finish': ['完结', 'Finish'],
  'button.full': ['全额退 ¥{amount}', 'All of it: ¥{amount}'],
  'button.full.of': ['{order} 全额退 ¥{amount}', '{order}: all of it, ¥{amount}'],
  'button.part': ['退部分', 'A part'],
  'button.part.of': ['退部分（{order}）', 'A part ({order})'],
  'button.order': ['订单 {order} · 可退 ¥{left}', 'Order {order} · ¥{left} left'],
  'button.pay': ['确认退款 ¥{amount}', 'Refund ¥{amount}'],
  'button.approve': ['批准', 'Approve'],
  'button.withdraw': ['撤回', 'Withdraw'],
  'button.approve.full': ['同意并全额退 ¥{amount}', 'Approve and refund ¥{amount}'],
  'button.approve.only': ['只同意，钱稍后再退', 'Approve only, the money later'],
  'button.finish.send': ['确认完结', 'Finish it'],
  'button.leave': ['取消', 'Cancel'],
  'button.halt': ['取消自动{act}', 'Stop it: {act}'],
  'button.claim': ['认领', 'Claim'],
  'button.release': ['放回', 'Release'],
  'button.detail': ['详情', 'Detail'],
  'button.read': ['再读一次', 'Read again'],
  'button.pictures': ['再取图片', 'Fetch pictures again'],
  'button.send': ['确认提交', 'Submit'],
  'button.words': ['写说明', 'Add words'],
  'button.drop': ['放弃', 'Discard'],

  'act.respond': ['回应', 'Response'],
  'act.agree': ['同意和解', 'Agreement'],
  'act.refuse': ['拒绝和解', 'Refusal'],
  'act.talk': ['回复', 'Reply'],
  'act.refund': ['退款', 'Refund'],
  'act.refund.of': ['退款 ¥{amount}', 'Refund of ¥{amount}'],
  'act.approve': ['同意退款', 'Approval of the refund'],
  'act.reject': ['拒绝退款', 'Rejection of the refund'],
  'act.add-evidence': ['补充凭证', 'Evidence'],
  'act.prove-refund': ['退款凭证', 'Refund proof'],
  'act.appeal': ['申诉', 'Appeal'],
  'act.decide-refund': ['退款决定', 'Refund decision'],
  'act.finish': ['完结', 'Finish'],
  'act.note': ['备注', 'Note'],

  'note.provisional': [
    '未能读取详情：{why}。我们会一直重试；修好后自动变成完整卡片。',
    'The detail cannot be read: {why}. We keep trying; the full card follows by itself.',
  ],
  'note.ruling': ['{at} 自动{act}（规则：{rule}）', 'By itself at {at}: {act} (rule: {rule})'],
  'note.ruling.soon': ['即将自动{act}（规则：{rule}）', 'By itself, in a moment: {act} (rule: {rule})'],
  'note.ruling.begun': ['自动{act}进行中（规则：{rule}）', 'By itself, some of it is done: {act} (rule: {rule})'],
  'note.held': ['规则「{rule}」没有自动{act}：{why}', 'The rule "{rule}" did nothing ({act}): {why}'],
  'note.working': ['处理中：{act} · {by}', 'In progress: {act} · {by}'],
  'note.unsure': [
    '{act} · {by}：已发出，平台未答复，正在核实，请勿重复操作',
    '{act} · {by}: sent, no answer from the platform; checking. Do not repeat it',
  ],
  'note.done': ['{act}已提交 · {by} · {at}', '{act} submitted · {by} · {at}'],
  'note.failed': ['{act}未成功 · {by}：{why}', '{act} failed · {by}: {why}'],

  'refund.sent': ['{act} 已提交 · {by}', '{act} submitted · {by}'],
  'refund.waits': [
    '{act} 已登记，{at} 起执行 · {by}；之前可撤回：/undo',
    '{act} taken, goes out from {at} · {by}; until then /undo takes it back',
  ],
  'refund.underway': [
    '{act} 已受理，等待到账 · 退款单号 {number} · {by}',
    '{act} accepted, on its way · refund number {number} · {by}',
  ],
  'refund.stuck': [
    '{act}：用户账户无法入账，请到商户平台处理 · 退款单号 {number} · {by}',
    "{act}: the user's account does not take it; finish it in the platform's console · refund number {number} · {by}",
  ],
  'refund.done': ['已退款 ¥{amount} · {by} · {at}', 'Refunded ¥{amount} · {by} · {at}'],
  'refund.arrived': ['已退款 ¥{amount}，{at} 到账 · {by}', 'Refunded ¥{amount}, arrived {at} · {by}'],
  'refund.arrived.where': [
    '已退款 ¥{amount}，{at} 到账（{where}）· {by}',
    'Refunded ¥{amount}, arrived {at} ({where}) · {by}',
  ],

  'fact.ruled': [
    '#{n} {at} 自动{act}（规则：{rule}）；取消请发送 {example}',
    '#{n} by itself at {at}: {act} (rule: {rule}); to stop it send {example}',
  ],
  'fact.halted': [
    '#{n} {by} 取消了自动{act}（规则：{rule}）',
    '#{n} {by} stopped what the rule "{rule}" would do: {act}',
  ],
  'fact.halted.rest': [
    '#{n} {by} 取消了自动{act}中还没有执行的部分（规则：{rule}）',
    '#{n} {by} stopped the rest of what the rule "{rule}" would do: {act}',
  ],
  'fact.stopped': [
    '#{n} 自动{act}没有执行（规则：{rule}）：{why}',
    '#{n} not done by itself: {act} (rule: {rule}): {why}',
  ],

  'fact.stopped.rest': [
    '#{n} 自动{act}只完成一部分，其余没有执行（规则：{rule}）：{why}',
    '#{n} done in part by itself: {act} (rule: {rule}); the rest is not: {why}',
  ],

  'held.provisional': ['还没有读到详情', 'its detail was never read'],
  'held.in-hand': ['已有人处理', 'a person takes care of it'],
  'held.after': ['前面的规则先执行', 'another rule goes first'],
  'held.not-open': ['现在不能做这一步', 'this is not open now'],
  'held.busy': ['同类操作正在处理', 'another one of its kind is on its way'],
  'held.template-gone': ['模板已不在；请管理员改规则', 'its template is gone; an admin should change the rule'],
  'held.template-unfit': ['模板不适合这一单', 'its template is not meant for this complaint'],
  'held.missing': ['文字里有这一单没有的变量', 'its words take something that this complaint does not have'],
  'held.not-automatic': [
    '自动退款没有打开（账号，以及它下面的商户）',
    'automatic refunds are not switched on (for the account, and the merchant under it)',
  ],
  'held.breaker': ['自动退款已停（次数过多）', 'automatic refunds have stopped: there were too many'],
  'held.unasked': ['还没有问到订单金额', 'nobody was asked what it cost'],
  'held.away': ['问不到付款的账号', 'the account that was paid cannot be asked'],
  'held.no-order': ['付款账号里查不到已支付的订单', 'the account that was paid knows no paid order of it'],
  'held.others': ['该订单另有退款，金额未知', 'the order shows other refunds of unknown amount'],
  'held.refunded': ['该订单已全额退款，不用再退', 'the order was given back already, all of it'],
  'held.several': ['有多个订单', 'there are several orders'],
  'held.cap-each': ['超过规则的单笔上限', "it is above the rule's most for one refund"],
  'held.cap-day': ['超过规则的当日上限', "it is above the rule's most for a day"],
  'held.cap-payer': ['超过同一用户的当日上限', 'it is above what one customer gets in a day'],
  'held.cap-tenant': ['超过商家的退款上限', "it is above the business's limits"],
  'held.second-person': ['这个金额需要第二人批准', 'such an amount takes a second person'],
  'held.cancelled': ['已取消', 'it was stopped'],
  'held.changed': ['情况有变化', 'the case has changed'],
  'held.off': ['规则已停用', 'the rule is switched off'],
  'held.unread': ['平台现在读不到这一单', 'the platform cannot be asked how it stands'],
  'held.unseen': ['群里没能看到预告', 'no group could be told beforehand'],
  'held.words': [
    '平台不收这些文字或图片；请管理员改规则',
    'the platform does not take its words or pictures; an admin should change the rule',
  ],
  'held.refused': ['平台不再收；请人工处理', 'the platform takes no more of it; it is for a person'],
  'held.failed': ['前一个订单没有退成', 'an order before it was not paid back'],

  'fact.refunded': ['#{n} 已退款 ¥{amount} · {by}', '#{n} refunded ¥{amount} · {by}'],
  'fact.refunded.at': ['#{n} 已退款 ¥{amount} 到账 {at} · {by}', '#{n} refunded ¥{amount}, arrived {at} · {by}'],
  'fact.stuck': [
    '#{n} {act}：用户账户无法入账，请到商户平台处理 · {by}',
    "#{n} {act}: the user's account does not take it; finish it in the platform's console · {by}",
  ],
  'fact.unfollowed': [
    '#{n} {act}没有自动发起（原由 {by}）：{why}',
    '#{n} {act} did not follow by itself (begun by {by}): {why}',
  ],
  'fact.done': ['#{n} {act}已提交 · {by}', '#{n} {act} submitted · {by}'],
  'fact.failed': ['#{n} {act}未成功 · {by}：{why}', '#{n} {act} failed · {by}: {why}'],
  'fact.said': ['#{n} 用户：{text}', '#{n} customer: {text}'],
  'fact.platform': ['#{n} 平台：{text}', '#{n} platform: {text}'],
  'fact.claimed': ['#{n} 由 {by} 认领', '#{n} claimed by {by}'],
  'fact.released': ['#{n} 由 {by} 放回', '#{n} released by {by}'],
  'fact.released.silent': [
    '#{n} 认领后一直没有动作，已从 {by} 处收回，大家都可以认领',
    '#{n} was taken back from {by}, who had claimed it and done nothing: free to claim again',
  ],
  'fact.reminded': ['⏰ #{n} 要{act}，截止 {due}，{left} {people}', '⏰ #{n}: {act} is due {due}, {left} {people}'],
  'fact.overdue': [
    '⏰ #{n} 已过截止时间 {due}：请马上{act}，并到平台后台核对 {people}',
    '⏰ #{n} was due {due}: {act} now, and look into the platform’s console {people}',
  ],
  'fact.reminded.late': ['（这条提醒迟了 {time}）', '(this reminder is {time} late)'],
  'fact.snoozed': ['#{n} 由 {by} 静音到 {until}', '#{n} snoozed by {by} until {until}'],
  'fact.snoozed.not': ['#{n} 由 {by} 恢复提醒', '{by} ended the snooze of #{n}'],
  'fact.assigned': ['#{n} 由 {by} 指派给 {to}', '#{n} given to {to} by {by}'],
  'fact.unnoted': ['#{n} {by} 撤回了一条备注', '#{n} {by} took a note back'],
  'fact.withdrawn': ['#{n} {act}已撤回，没有提交平台 · {by}', '#{n} {act} taken back, nothing went out · {by}'],
  'fact.revealed': ['#{n} {by} 查看了投诉人的联系方式', '#{n} {by} looked at the phone and contact of the customer'],
  'fact.noted': ['#{n} 备注 · {by}：{text}', '#{n} note · {by}: {text}'],
  'fact.turned': ['#{n} {turn}：{label}', '#{n} {turn}: {label}'],
  'fact.unshown': [
    '#{n} 有更新，但消息发不到这里；请发送 {example} 查看',
    '#{n} has news that cannot be shown here; send {example} to see it',
  ],
  'fact.closed': ['#{n} 已结束：{label}', '#{n} closed: {label}'],

  'problem.unsupported': [
    '这个账号现在做不了这件事（可能已停用）；请管理员检查账号',
    'this account cannot do it now (it may be disabled); ask an admin to check it',
  ],
  'problem.refund-closed': [
    '退款已关闭，钱已退回我方；用户没有收到，需要时请重新发起',
    'the refund was closed and the money is back with us; the user has none of it, begin again if it is still wanted',
  ],
  'problem.refund-found': [
    '这个退款单号下已有我们的另一笔退款，已记入账本；请先核对，仍要退再重新发起',
    'another refund of ours stands under that number and is in the ledger now; look, then begin again if it is still wanted',
  ],
  'problem.stuck': [
    '用户账户无法入账，请到商户平台处理',
    "the user's account does not take it; finish it in the platform's console",
  ],
  'problem.unreachable': [
    '一小时内一直连不上平台，没有提交；请检查网络后重新操作',
    'the platform could not be reached for an hour and nothing was sent; check the network and do it again',
  ],
  'problem.unclear': [
    '无法确认是否已送达；请到平台后台核实后再操作',
    "it is unclear whether it arrived; check in the platform's console first",
  ],

  'ask.agree': [
    '#{n} 同意和解：请写给用户的说明（不超过 {most} 字，可附图）',
    '#{n} agree: write to the customer (at most {most} characters, pictures welcome)',
  ],
  'ask.refuse': [
    '#{n} 拒绝和解：请写明理由（不超过 {most} 字，可附图）',
    '#{n} refuse: give the reason (at most {most} characters, pictures welcome)',
  ],
  'ask.add-evidence': [
    '#{n} 补充凭证：请写说明并附图（最多 {pictures} 张）',
    '#{n} evidence: write a word and attach pictures (at most {pictures})',
  ],
  'ask.prove-refund': [
    '#{n} 退款凭证：请写退款单号或转账单号等说明，可附图（最多 {pictures} 张）',
    '#{n} refund proof: write the number of the refund or transfer, pictures welcome (at most {pictures})',
  ],
  'ask.appeal': [
    '#{n} 申诉：请写申诉理由（不超过 {most} 字），可附图（最多 {pictures} 张）',
    '#{n} appeal: give your reason (at most {most} characters), pictures welcome (at most {pictures})',
  ],
  'ask.received': ['#{n} 用户有退货：收到了吗？', '#{n} The customer sent goods back: have they arrived?'],
  'ask.refund': [
    '#{n} 退款：请写金额和原因，例如 {example}；原因用户看得到（不超过 {most} 字节，一个汉字 3 字节）',
    '#{n} refund: write the amount and why, such as {example}; the user sees the reason (at most {most} bytes)',
  ],
  'ask.reject': [
    '#{n} 拒绝退款：请写原因，用户看得到（不超过 {most} 字，可附图）',
    '#{n} reject the refund: give the reason, the user sees it (at most {most} characters, pictures welcome)',
  ],
  'ask.talk': [
    '#{n} 回复：请写内容，用户看得到（不超过 {most} 字，可附图）',
    '#{n} reply: write to the customer (at most {most} characters, pictures welcome)',
  ],
  'ask.talk.words': [
    '#{n} 回复：请写内容，用户看得到（不超过 {most} 字）',
    '#{n} reply: write to the customer (at most {most} characters)',
  ],
  'ask.words': ['#{n} {act}：请写内容', '#{n} {act}: write the text'],
  'suggest.agree.1': [
    '您好，给您带来不便非常抱歉，我们同意您的诉求，会尽快为您处理。',
    'We are sorry for the trouble. We agree and will put it right at once.',
  ],
  'suggest.agree.2': [
    '您好，已为您安排退款，预计 1–3 个工作日原路退回，请留意。',
    'A refund is arranged and will reach you within 1–3 working days.',
  ],
  'suggest.refuse.1': [
    '您好，订单已按约定发货，物流信息见附图，请您核实。',
    'The order was shipped as agreed; please see the tracking in the picture.',
  ],
  'suggest.evidence.1': ['物流签收记录与聊天记录见附图。', 'Proof of delivery and the conversation are attached.'],

  'suggest.prove-refund.1': [
    '已通过微信支付原路退款，退款单号：',
    'Refunded to the original payment by WeChat Pay; refund number: ',
  ],

  'said.accepted': ['已收到，正在提交平台：#{n} {act}', 'Taken, submitting to the platform: #{n} {act}'],
  'said.accepted.pictures': ['{said}（附图 {count} 张）', '{said} ({count} picture(s))'],
  'said.busy': ['处理中：{act}由 {by} 提交，请等结果', 'In progress: {act} by {by}; please wait for its outcome'],
  'said.repeated.done': ['已经提交过了：{act} · {by}', 'Already submitted: {act} · {by}'],
  'said.repeated.failed': [
    '这次{act}没有成功：{why}。请用最新卡片重新操作',
    'That {act} failed: {why}. Use the newest card to try again',
  ],
  'said.claimed': ['#{n} 由你处理', '#{n} is yours'],
  'said.claimed.already': [
    '#{n} 已由 {by} 认领；需要时请对方先放回',
    '#{n} is handled by {by}; ask them to release it first',
  ],
  'said.released': ['#{n} 已放回，大家都可以认领', '#{n} is free to claim again'],
  'said.released.not': ['#{n} 没有人认领', 'Nobody has claimed #{n}'],
  'said.assigned': ['#{n} 已指派给 {to}', '#{n} is given to {to}'],
  'assign.whom': ['把 #{n} 指派给谁？{people}；例：{example}', 'Give #{n} to whom? {people}; for example {example}'],
  'assign.nobody': [
    '没有唯一的可处理成员叫「{word}」；可选：{people}',
    'Nobody who may act is called "{word}"; there are {people}',
  ],
  'undo.pictures': ['#{n} 放好的图片已拿走，没有提交', 'The pictures laid ready for #{n} are gone; nothing was sent'],
  'undo.note': ['#{n} 的备注已撤回', 'The note on #{n} is taken back'],
  'undo.action': ['#{n} {act}已撤回，没有提交平台', '#{n} {act} is taken back; nothing went out'],
  'undo.sent': [
    '#{n} {act}已提交平台，无法撤回；可用 /show {n} 看现在能做什么',
    '#{n} {act} is with the platform already and cannot be taken back; /show {n} tells what can be done now',
  ],
  'undo.none': [
    '10 分钟内没有你在 #{n} 上可撤回的操作；/undo 只撤回自己还没提交平台的事（待执行的退款、放好的图片、认领、备注）',
    'Nothing of yours on #{n} in the last 10 minutes can be undone: only what has not gone out (waiting refunds, pictures laid ready, claims, notes)',
  ],
  'lang.now': ['现在是中文；/lang en 换成英文', 'English it is; /lang zh for Chinese'],
  'lang.set': ['好的，这里从现在起用中文', 'From now on this room speaks English'],
  'said.halted': ['#{n} 已取消，不会自动执行', '#{n} is stopped: nothing goes out by itself'],
  'said.halted.already': ['#{n} 自动{act}已由 {by} 取消', '#{n}: {by} has stopped it already ({act})'],
  'said.halted.late': [
    '#{n} 自动{act}已经执行，来不及取消；请看最新卡片',
    '#{n}: too late, it has gone out ({act}); see the newest card',
  ],
  'said.halted.nothing': [
    '#{n} 自动{act}没有执行，无须取消',
    '#{n}: nothing went out, there is nothing to stop ({act})',
  ],
  'rules.title': ['自动规则（按先后）', 'Rules, in their order'],
  'rules.none': ['还没有自动规则；由管理员添加', 'There are no rules; an admin adds them'],
  'rules.row': [
    '{position}. {name} · {act} · {mode} · 等 {delay} 秒',
    '{position}. {name} · {act} · {mode} · after {delay} s',
  ],
  'rules.on': ['启用', 'on'],
  'rules.off': ['停用', 'off'],
  'rules.set.on': ['规则「{name}」已启用', 'The rule "{name}" is on'],
  'rules.set.off': ['规则「{name}」已停用，等待中的不再执行', 'The rule "{name}" is off; what waits is not done'],
  'rules.open': [
    '已在处理中的投诉不会自动执行（有新动静时才会重新判断），其中 {count} 单符合；{example} 可查看',
    'It leaves alone what is open already, until something happens there; of that {count} would fit: {example} shows them',
  ],
  'rules.tripped': [
    '⚠ 自动退款从 {at} 起已停；核对后由管理员发送 {example} 恢复',
    '⚠ Automatic refunds have stopped since {at}; when it is looked into, an admin sends {example}',
  ],
  'rules.reset': ['自动退款已恢复，重新计数', 'Automatic refunds go on; counting begins anew'],
  'rules.reset.not': ['自动退款没有停，不用恢复', 'Automatic refunds have not stopped'],
  'no.rule-template': [
    '规则「{name}」的模板已不在：先换一个（{fix}），再启用',
    'The template of the rule "{name}" is gone: give it another ({fix}), then switch it on',
  ],
  'no.rule': ['没有唯一的规则叫「{word}」；可选：{names}', 'No single rule is called "{word}"; there are {names}'],
  'said.noted': ['#{n} 备注已记下', 'Note kept for #{n}'],
  'said.importing': [
    '正在读取 {account} 的投诉单 {number}，读到后会出现卡片',
    'Reading complaint {number} of {account}; its card follows',
  ],
  'said.reading': ['正在重新读取 #{n}', 'Reading #{n} again'],
  'said.dropped': ['已放弃，没有提交', 'Discarded; nothing was submitted'],
  'said.staged': ['#{n} 已收 {count} 张图片；{next}', '#{n}: {count} picture(s) kept; {next}'],
  'said.staged.respond': ['同意或拒绝时会一并提交', 'they go with your agreement or refusal'],
  'said.staged.talk': ['回复时会一并提交', 'they go with your reply'],
  'said.staged.finish': ['完结时会一并提交', 'they go along when it is finished'],
  'said.staged.appeal': ['申诉时会一并提交', 'they go with your appeal'],
  'said.staged.next': ['下一步会一并提交，不要请按放弃', 'they go along with what is said next, unless discarded'],
  'said.staged.words': [
    '附带的文字没有提交；要提交请发送 {example}',
    'The text that came with them was not submitted; to submit it send {example}',
  ],
  'said.left': ['已取消，什么也没有提交', 'Cancelled; nothing was submitted'],
  'said.cancelled': ['已取消', 'Cancelled'],

  'preview.title': ['#{n} 提交前请核对', '#{n} check before submitting'],
  'preview.act': ['操作', 'Act'],
  'preview.result': ['结果', 'Result'],
  'preview.received': ['退货', 'Return'],
  'preview.text': ['说明', 'Text'],
  'preview.pictures': ['图片', 'Pictures'],
  'preview.count': ['{count} 张（最多 {most} 张）', '{count} (at most {most})'],
  'preview.none': ['（无）', '(none)'],
  'preview.check.text': ['✓ 说明 {is}/{most} 字', '✓ {is} of {most} characters'],
  'preview.check.no-text': ['– 没有写说明', '– no text'],
  'preview.check.pictures': [
    '✓ 图片 {count}/{most} 张，共 {size}，格式和大小符合平台要求',
    '✓ {count} of {most} pictures, {size}, of a type and size that the platform takes',
  ],
  'preview.check.no-pictures': ['– 没有图片', '– no pictures'],
  'preview.once': ['平台只收一次，提交后不能补充', 'The platform takes this once; nothing can be added later'],

  'template.title': ['#{n} 选一个模板，看过再提交', '#{n} choose a template; it is shown before it goes'],
  'template.which': ['#{n} 「{name}」用在哪一步？', '#{n} "{name}": for which step?'],

  'refund.title': ['#{n} 退款', '#{n} refund'],
  'refund.none': ['#{n} 没有可退的金额了', '#{n} Nothing is left to give back'],
  'refund.which': ['#{n} 退款 {words}：退哪个订单？', '#{n} refund {words}: of which order?'],
  'refund.check': ['#{n} 退款 ¥{amount}：请核对', '#{n} refund of ¥{amount}: please check'],
  'refund.order': ['订单', 'Order'],
  'refund.sums': [
    '{order} · 已付 ¥{paid} · 已退 ¥{settled} · 在途 ¥{underway} · 可退 ¥{left}',
    '{order} · paid ¥{paid} · given back ¥{settled} · on its way ¥{underway} · left ¥{left}',
  ],
  'refund.paid': ['{order} · 已付 ¥{paid}', '{order} · paid ¥{paid}'],
  'refund.amount': ['金额', 'Amount'],
  'refund.capitals': ['大写', 'In capitals'],
  'refund.reason': ['原因（用户可见）', 'Reason (the user sees it)'],
  'refund.others': [
    '注意：该订单另有退款，金额未知；可退的可能更少',
    'Note: the order shows other refunds of unknown amount; less may be left',
  ],
  'refund.more': ['另有 {count} 个订单没有显示', '{count} more order(s) are not shown'],
  'refund.second': [
    '这个金额需要第二人批准：确认后请同事按批准',
    'This takes a second person: a colleague approves it next',
  ],
  'refund.pictures': ['退款不带图片：图片没有收下', 'A refund takes no pictures: they were left out'],
  'refund.valid': ['{seconds} 秒内有效，只有你能按', 'For {seconds} s, and for you alone'],
  'refund.example': ['{command} 12.50 少发一件', '{command} 12.50 one was missing'],

  'approve.title': ['#{n} 同意退款：钱现在退吗？', '#{n} approve the refund: does the money go now?'],
  'approve.remark': ['备注（平台客服可见）', "Remark (the platform's service sees it)"],
  'approve.promise': [
    '同意会告诉用户当天退款；同意本身不会退钱。要晚几天退，请发送 /同意退款 {n} 3天',
    'The user is promised the money today; to approve pays nothing by itself. For a later day send /approve {n} 3 days',
  ],
  'approve.promise.days': [
    '同意会告诉用户 {days} 个工作日内退款；同意本身不会退钱，到时请按退款',
    'The user is promised the money within {days} working days; to approve pays nothing by itself: press refund by then',
  ],
  'no.days': [
    '{days} 天太久；最多 {most} 个工作日，例如 /同意退款 {n} 3天',
    '{days} days are too many; at most {most} working days, such as /approve {n} 3 days',
  ],
  'approve.several': [
    '有多个订单：同意后请发送 /refund {n} 逐个退',
    'There are several orders: approve, then send /refund {n} for each',
  ],

  'finish.how': ['#{n} 完结：处理结果是？', '#{n} finish: how was it settled?'],
  'finish.words': ['说明：{text}', 'With the words: {text}'],
  'finish.number': [
    '也可以直接发送 {example}（投诉编号、结果编号、说明）',
    'Or send {example} (number, result, words)',
  ],
  'ask.finish': [
    '请说明 #{n} 的处理结果（最多 {most} 字，可附 {pictures} 张图片）',
    'What was done about #{n}? At most {most} characters and {pictures} picture(s)',
  ],
  'choice.CONSENSUS_WITH_CLIENT': ['已联系到用户，协商一致', 'Agreed with the customer'],
  'choice.REFUND': ['已退款，用户无异议', 'Refunded, no objection'],
  'choice.RECTIFICATION_NO_REFUND': ['不涉及退款，已整改', 'No refund due, put right'],
  'choice.SUBMIT_PROOF_NOT_CONTACTED': ['已提交证明材料', 'Proof submitted'],
  'choice.ORTHER': ['其他', 'Other'],
  'choice.02': ['通过其他方式退款', 'Refunded in another way'],
  'choice.03': ['已发货', 'Shipped'],
  'choice.04': ['其他', 'Other'],
  'choice.05': ['已完成售后服务', 'After-sales service done'],
  'choice.06': ['非我方责任', 'Not our fault'],
  'choice.194': ['反馈处理结果（安心付）', 'Result reported (pay later)'],
  'finish.title': ['#{n} 完结：请核对', '#{n} finish: please check'],
  'finish.meaning': ['完结后不能再回复，用户仍可继续投诉', 'No reply is possible afterwards; the user may still go on'],
  'finish.silent': ['注意：还没有回复过用户', 'Note: the user was never answered'],
  'finish.unanswered': ['注意：用户在我方之后又说：{text}', 'Note: the user spoke last: {text}'],

  'second.title': [
    '#{n} 退款 ¥{amount} 需要第二人批准 · 由 {by} 发起 · {minutes} 分钟内有效',
    '#{n} refund of ¥{amount} takes a second person · begun by {by} · for {minutes} min',
  ],
  'second.asked': ['#{n} 还没有退：已在群里请第二人批准', '#{n} Not sent yet: a second person is asked for here'],
  'second.approved': [
    '#{n} 退款 ¥{amount} · {by} 发起 · {second} 已批准',
    '#{n} refund of ¥{amount} · begun by {by} · approved by {second}',
  ],
  'second.withdrawn': [
    '#{n} 退款 ¥{amount} 已撤回，没有退 · {by}',
    '#{n} refund of ¥{amount} withdrawn, nothing was sent · {by}',
  ],
  'no.second.self': ['要由另一个人批准；请同事来按', 'It takes another person: ask a colleague to press it'],
  'no.second.gone': [
    '发起的人已停用或不在了；请自己重新发起',
    'Whoever began it is no member any more; begin your own',
  ],
  'no.second.withdraw': [
    '只有发起的人或管理员能撤回；不同意就不要按批准',
    'Only whoever began it or an admin can withdraw it; otherwise just do not approve',
  ],
  'no.second.alone': [
    '#{n} 这个金额需要第二人批准；请到群里发起',
    '#{n} This amount takes a second person; begin it in the group',
  ],
  'no.second.first': ['由 {by} 发起，按其权限判断：{why}', 'Begun by {by}, judged in that name: {why}'],

  'no.payer': [
    '这个账号没有开通退款，或已停用；请管理员检查账号的设置（{example}）',
    "Refunds are off for this account, or it is disabled; an admin should check the account's settings ({example})",
  ],
  'no.away': [
    '现在问不到付款的账号，没有退款：{why}。请稍后再试',
    'The account that pays cannot be asked now and nothing was sent: {why}. Try again in a while',
  ],
  'no.order': [
    '#{n} 在付款账号里查不到已支付的订单；请到商户平台核对',
    "#{n} The account that pays knows no paid order of it; look into the platform's console",
  ],
  'no.amount.none': ['还缺金额；请写元，例如 {example}', 'The amount is missing; write it in yuan, such as {example}'],
  'no.amount.form': [
    '「{word}」不是金额；请写元，例如 {example}',
    '"{word}" is no amount; write it in yuan, such as {example}',
  ],
  'no.amount.below': [
    '「{word}」是负数；金额要大于零，例如 {example}',
    '"{word}" is below zero; write more than nothing, such as {example}',
  ],
  'no.amount.zero': [
    '「{word}」是零；金额要大于零，例如 {example}',
    '"{word}" is nothing; write more than nothing, such as {example}',
  ],
  'no.amount.decimals': [
    '「{word}」小数太多；最多两位（分），例如 {example}',
    '"{word}" has too many decimals; two at most, such as {example}',
  ],
  'no.amount.big': [
    '「{word}」太大，没有这样的订单；例如 {example}',
    '"{word}" is more than any order; such as {example}',
  ],
  'no.no-order': [
    '这个订单不是 #{n} 的；请发送 {example} 重新发起',
    'The order is not of #{n}; begin again with {example}',
  ],
  'no.no-amount': [
    '#{n} 的退款金额不对：要大于零且不超过订单；请发送 {example} 重新发起',
    'Not an amount to give back for #{n}: above nothing, within the order; begin again with {example}',
  ],
  'no.others': [
    '#{n} 的订单另有退款，金额未知；请发送 {example}，看过提示再确认',
    'The order of #{n} shows other refunds; send {example} and confirm what it says',
  ],
  'no.too-much': [
    '超过可退金额，最多 ¥{most}；例如 {example}',
    'More than is left, at most ¥{most}; such as {example}',
  ],
  'no.not-automatic': [
    '#{n} 没有打开自动退款的开关（账号和商家都要打开）；需要退款时请发送 {example}',
    'Automatic refunds are not switched on for #{n} (account and merchant must both be on); send {example} to refund',
  ],
  'no.order-busy': [
    '这个订单有一笔退款在途，由 {by} 发起；请等它有结果',
    'A refund of this order is on its way, begun by {by}; wait for its outcome',
  ],
  'no.too-often': [
    '这个订单的退款次数已到平台上限；请到商户平台处理',
    "The platform takes no more refunds of this order; use the platform's console",
  ],
  'no.too-late': [
    '付款已超过一年，平台不再退；请用别的方式退给用户',
    'It was paid over a year ago and the platform gives nothing back; pay the user another way',
  ],
  'no.cap.member.each': [
    '超过你的单笔上限，最多 ¥{most}；请少退，或请管理员调整：{example}',
    'Above your own most for one refund, ¥{most}; give less, or ask an admin: {example}',
  ],
  'no.cap.member.day': [
    '超过你的当日上限，今天还能退 ¥{most}；请明天再退，或请管理员调整：{example}',
    'Above your own most for a day, ¥{most} is left today; wait, or ask an admin: {example}',
  ],
  'no.cap.tenant.each': [
    '超过商家的单笔上限，最多 ¥{most}；请少退，或请管理员调整：{example}',
    "Above the business's most for one refund, ¥{most}; give less, or ask an admin: {example}",
  ],
  'no.cap.tenant.day': [
    '超过商家的当日上限，今天还能退 ¥{most}；请明天再退，或请管理员调整：{example}',
    "Above the business's most for a day, ¥{most} is left today; wait, or ask an admin: {example}",
  ],
  'no.second-person': [
    '从 ¥{from} 起需要第二人批准；请在群里发送 {example} 单独发起',
    'From ¥{from} on it takes a second person; begin it by itself with {example} in the group',
  ],
  'no.not-the-second': [
    '批准要另一位「{role}」，金额也要在其本人上限之内；请换一位同事，或请管理员调整',
    'It takes another "{role}" whose own limits allow it; ask a colleague, or an admin',
  ],
  'no.finish.words': [
    '完结不带文字；先发送 /reply {n} 回复，再完结 #{n}',
    'To finish takes no words; send /reply {n} first, then finish #{n}',
  ],
  'no.instead': ['#{n} 没有「{act}」这一步；请用 {use}', '#{n} has no "{act}"; use {use}'],
  'use.talk': ['/回复 {n} …', '/reply {n} …'],
  'use.agree': ['/同意 {n} …', '/agree {n} …'],
  'use.refuse': ['/拒绝 {n} …', '/refuse {n} …'],
  'use.approve': ['/同意退款 {n}', '/approve {n}'],
  'use.reject': ['/拒绝退款 {n} …', '/reject {n} …'],

  'unfollowed.role': [
    '发起的人没有退款权限；请有权限的人发送 {example}',
    'whoever began it may not refund; somebody who may sends {example}',
  ],
  'unfollowed.changed': [
    '投诉已有变化；请看最新卡片，再发送 {example}',
    'the complaint has changed; look at its card, then send {example}',
  ],
  'unfollowed.too-much': ['可退的不够了；请发送 {example} 查看', 'less is left by now; send {example} to see it'],
  'unfollowed.order-busy': [
    '这个订单另有一笔退款在途；请等它有结果再发送 {example}',
    'another refund of the order is on its way; wait for it, then send {example}',
  ],
  'unfollowed.cap': [
    '超过退款上限；请管理员调整，再发送 {example}',
    'it is above a limit; ask an admin, then send {example}',
  ],
  'unfollowed.second-person': ['需要第二人批准；请发送 {example}', 'it takes a second person; send {example}'],
  'unfollowed.unread': [
    '款已退，但一天里没能再读到这个投诉；请到平台查看，再发送 {example}',
    'the money is back, but the complaint could not be read again for a day; look at it there, then send {example}',
  ],
  'unfollowed.not-the-second': ['需要第二人批准；请发送 {example}', 'it takes a second person; send {example}'],

  'no.role': [
    '你的角色不能做这件事，需要「{role}」；请找管理员调整',
    'Your role does not allow this; it takes "{role}". Ask an admin',
  ],
  'no.changed': ['刚刚有变化，请再看一次', 'This has just changed; please look again'],
  'no.not-open': [
    '#{n} 现在不能做这一步（{label}）；请看最新卡片上的按钮',
    '#{n} does not allow this now ({label}); see the buttons of the newest card',
  ],
  'no.words-missing': ['还缺内容：请写说明，或附图片', 'Something is missing: write a text or attach a picture'],
  'no.characters': [
    '平台不接受这些字符：{characters}；请改成普通文字后重发',
    'The platform does not take {characters}; use plain words and send it again',
  ],
  'no.characters.without': [
    '平台不接受这些字符：{characters}；可以改发：{without}',
    'The platform does not take {characters}; this would do: {without}',
  ],
  'no.text-too-long': [
    '太长了：{is} 字，最多 {most} 字；请删短后重发',
    'Too long: {is}, at most {most}; shorten it and send it again',
  ],
  'no.words-missing.text': ['还缺文字；请写清楚后重发', 'The words are missing; write them and send it again'],
  'no.text-too-long.bytes': [
    '太长了：{is} 字节，最多 {most} 字节（一个汉字 3 字节）；请删短后重发',
    'Too long: {is} bytes, at most {most}; shorten it and send it again',
  ],
  'no.pictures-too-many': [
    '图片太多：{is} 张，最多 {most} 张；请去掉几张后重发',
    'Too many pictures: {is}, at most {most}; leave some out',
  ],
  'no.pictures-left': [
    '有 {count} 张没有收下，最多 {most} 张；要换请先按放弃，再重发',
    '{count} of them not taken, at most {most}; to change them, discard first and send them again',
  ],
  'no.unknown-choice': ['没有这个选项；可选：{choices}', 'No such choice; one of: {choices}'],
  'no.choice.received': [
    '平台没有公开「未收到退货」怎么提交；收到后再提交，或到平台后台处理',
    "How to say that goods did not arrive is not published; submit once they have, or use the platform's console",
  ],
  'no.expired': ['这个按钮已过期；请用最新卡片重新操作', 'This button has run out; use the newest card'],
  'no.button': [
    '这个按钮已失效；请发送 /list 找到最新卡片',
    'This button no longer works; send /list for the newest card',
  ],
  'card.moved': ['#{n} 已有新卡片，请看下方最新的一张', '#{n} has a newer card further down'],
  'no.question': [
    '我没有在等你的回答；请发命令，例如 /show 128，或发 /help 看全部命令',
    'I asked you nothing; send a command such as /show 128, or /help for all of them',
  ],
  'no.other-room': [
    '这张卡片属于另一个群，不能在这里操作；请到原群操作',
    'This card belongs to another group; use it there',
  ],
  'no.other-person': ['这个按钮只给发起的人；请自己发起一次', 'This button is for whoever began it; begin your own'],
  'no.member': [
    '你还没有绑定身份，不能操作。请向管理员要一个绑定码，私聊我发送 /bind 绑定码',
    'You are not bound yet. Ask an admin for a code and send me /bind CODE in a private chat',
  ],
  'no.room': [
    '这个群还没有绑定。请管理员生成群绑定码，在这里发送 /bind 绑定码',
    'This group is not bound. Ask an admin for a group code and send /bind CODE here',
  ],
  'no.complaint': ['没有找到投诉 #{n}；发送 /list 查看现有投诉', 'No complaint #{n} here; send /list to see them'],
  'no.number': ['要说明是哪一单：{example}，或回复那张卡片', 'Say which one: {example}, or reply to its card'],
  'no.number.which': [
    '你回复的是 #{n}，又写了 {other}；请写 #{other} 或 #{n} 说明是哪一单',
    'You answered the card of #{n} and wrote {other}; write #{other} or #{n}',
  ],
  'no.command': ['没有「{word}」这个命令；{nearest}', 'No command "{word}"; {nearest}'],
  'no.command.nearest': ['你是不是想用 {example}', 'did you mean {example}'],
  'no.command.help': ['发送 /help 查看全部命令', 'send /help for all of them'],
  'no.arguments': ['用法：{example}', 'Usage: {example}'],
  'no.picture': ['有图片用不了：{why}', 'A picture cannot be used: {why}'],
  'no.picture.type': ['平台只收 {types}，请换一张', 'the platform takes {types} only; send another'],
  'no.picture.big': [
    '压缩后仍超过 {most} MB，请换一张小的',
    'it stays over {most} MB even when pressed; send a smaller one',
  ],
  'no.picture.broken': ['文件损坏或不是图片，请换一张', 'it is damaged or no picture; send another'],
  'no.picture.none': ['这一步不收图片；请去掉图片重发', 'No pictures are taken here; send it without them'],
  'no.picture.lost': ['有 {count} 张图片没有收到，请重发', '{count} picture(s) did not arrive; send them again'],
  'no.account': ['没有「{name}」这个账号；可选：{names}', 'There is no account "{name}"; one of: {names}'],
  'no.account.which': ['要说明是哪个账号：{names}', 'Say which account: {names}'],
  'no.account.none': [
    '这里没有可以导入的账号；请管理员检查账号',
    'No account to import from here; an admin should check the accounts',
  ],
  'no.template': ['没有「{word}」这个模板；可选：{names}', 'There is no template "{word}"; one of: {names}'],
  'no.template.which': [
    '「{word}」可以是几个模板：{names}；请写全名',
    '"{word}" may be any of {names}; write the whole name',
  ],
  'no.template.none': [
    '没有适合 #{n} 的模板；请直接写，或请管理员添加',
    'No template fits #{n}; write the words yourself, or ask an admin to add one',
  ],
  'no.template.none.admin': ['没有适合 #{n} 的模板；可以添加：{example}', 'No template fits #{n}; add one: {example}'],
  'no.template.unfit': [
    '「{name}」不适合 #{n} 现在这一步；发送 {example} 查看适合的',
    '"{name}" is not meant for #{n} as it stands; send {example} to see those that are',
  ],
  'no.template.missing': [
    '「{name}」要填 {variable}，#{n} 没有这一项；请换一个，或直接写',
    '"{name}" takes {variable}, which #{n} does not have; use another, or write the words yourself',
  ],
  'no.template.why': ['「{name}」用不了：{why}', '"{name}" cannot be used: {why}'],
  'no.tenant': ['你属于多个商家，请到对应的群里操作', 'You belong to several businesses; use their groups'],
  'no.trouble': [
    '我们这边出了点问题，没有做任何改动；请稍后再试',
    'Something went wrong on our side and nothing was changed; try again in a while',
  ],

  'notice.unheard': [
    '{account}：订单 {order} 在平台上有投诉，但我们没有收到通知。请到平台后台查到投诉单号，发送 /import {account} 投诉单号',
    '{account}: the order {order} is in dispute, yet no complaint was pushed to us. Look the complaint number up in the console and send /import {account} NUMBER',
  ],
  'notice.paid-at': ['{at} 付款', 'paid {at}'],
  'notice.not-imported': [
    '{account} 投诉单 {number} 读取不到：{why}',
    '{account}: complaint {number} cannot be read: {why}',
  ],
  'notice.taken': [
    '⚠ 机器人「{bot}」的连接被另一个程序占用，已停止收发；请停掉另一处，再在这里停用并重新启用它（redress bot disable、redress bot enable）',
    '⚠ Another program has taken the connection of the bot "{bot}"; it is silent here. Stop the other one, then switch it off and on again (redress bot disable / enable)',
  ],
  'notice.diverted': [
    '{account}：平台把投诉通知到 {registered}，不是这里；投诉最多晚 5 分钟出现；要改到这里，请管理员看体检的说明',
    '{account}: the platform reports complaints to {registered}, not here; they appear up to 5 minutes late; to change that, an admin runs redress doctor and follows it',
  ],
  'notice.authorised.new': [
    '✅ {account}：商家「{merchant}」已授权，它的投诉从现在起会发到这里；名称可用 redress merchant update 修改',
    '✅ {account}: the merchant "{merchant}" has authorised the app; its complaints come here from now on. Rename it with redress merchant update',
  ],
  'notice.authorised.renewed': [
    '✅ {account}：商家「{merchant}」已重新授权',
    '✅ {account}: the merchant "{merchant}" has authorised the app anew',
  ],
  'notice.waiting': [
    '{account}：商家 {id} 已授权，但不是通过我们的链接，等待认领。请管理员向商家要认领码，发送 /authorize 认领码；或执行 redress merchant claim',
    '{account}: the merchant {id} has authorised the app, though not by a link of ours, and waits. An admin asks it for its claim code and sends /authorize CODE, or runs redress merchant claim',
  ],
  'notice.revoked': [
    '⚠ {account}：商家「{merchant}」的授权已失效，读不到也处理不了它的投诉。请管理员发送 /authorize {account}，把链接发给商家重新授权',
    '⚠ {account}: the merchant "{merchant}" has taken its authorisation back; its complaints can be neither read nor handled. An admin sends /authorize {account} and gives the merchant the link',
  ],
  'notice.lacking': [
    '⚠ {account}：商家「{merchant}」的授权缺少权限：{lacks}。请在开放平台给应用添加对应产品，再用 /authorize {account} 请商家重新授权',
    '⚠ {account}: the authorisation of "{merchant}" lacks {lacks}. Add the products to the app in the open platform, then let the merchant authorise anew: /authorize {account}',
  ],
  'notice.tripped': [
    '⚠ 规则一小时内已自动退款 {count} 次，达到上限 {most} 次：自动退款已全部停止，等待中的不再执行。请核对这些投诉，确认正常后由管理员发送 {example} 恢复',
    '⚠ Rules have refunded {count} times within an hour, the most being {most}: automatic refunds have stopped, and those that waited are not done. Look into these complaints; if all is well, an admin sends {example}',
  ],
  'notice.rule-stopped': [
    '⚠ 规则「{rule}」已停用：它要用的模板已不在，这些投诉没有自动回应，请人工处理。给规则换一个模板（{fix}）后，由管理员发送 {example}',
    '⚠ The rule "{rule}" is switched off: its template is gone, and it has not answered; those complaints are for a person. Give it another template ({fix}), then an admin sends {example}',
  ],
  'notice.channel-stopped': [
    '⚠ 通知通道「{channel}」已停止发送：{why}。改好后请管理员重新启用它，没有发出的会接着发',
    '⚠ The channel "{channel}" has stopped: {why}. Once it is mended an admin switches it on again, and what waits goes out',
  ],
  'notice.channel-ending': [
    '⚠ 通知通道「{channel}」的授权码将在 {at} 到期（180 天有效）：请在邮箱的设置里新建一个，再运行 {command}',
    '⚠ The authorisation code of "{channel}" ends on {at} (it is good for 180 days): make a new one in the settings of the mailbox, then run {command}',
  ],
  'test.none': [
    '还没有通知通道（邮件、服务号、短信）；管理员用 redress channel add 添加',
    'There is no channel (mail, official account, SMS) yet; an admin adds one with redress channel add',
  ],
  'test.which': ['测试哪个通道？{names}；例如 {example}', 'Which channel? {names}; such as {example}'],
  'test.unknown': [
    '没有叫「{name}」的通道或接收人；可选：{names}',
    'There is no channel or recipient called {name}; there are: {names}',
  ],
  'test.nobody': [
    '通道「{channel}」没有启用的接收人；用 redress recipient add 添加，或用 {example} 只测试一个人',
    '"{channel}" has no recipient who is on; add one with redress recipient add, or test one person: {example}',
  ],
  'test.started': [
    '正在发送测试消息：{channel} → {people}，结果稍后在这里说',
    'Sending a test message: {channel} → {people}; what becomes of it is said here',
  ],
  'test.title': ['测试消息 · {channel}', 'Test message · {channel}'],
  'test.sent': ['✅ {recipient}：已发出', '✅ {recipient}: sent'],
  'test.failed': ['❌ {recipient}：没有发出。{why}', '❌ {recipient}: not sent. {why}'],
  'test.unsure': ['❓ {recipient}：不确定是否已发出。{why}', '❓ {recipient}: it may have been sent. {why}'],
  'test.empty': ['接收人已不在，没有发送', 'The recipient is gone; nothing was sent'],
  'test.next': [
    '改好后：用 redress channel update（或 redress recipient update）修改，再发 {example}；redress doctor 会检查每个通道',
    'Then: mend it with redress channel update (or redress recipient update) and send {example} again; redress doctor examines every channel',
  ],
  'test.look': [
    '请让接收人看看收到没有；没收到就再发一次 {example}',
    'Ask whether it arrived; if it did not, send {example} again',
  ],
  'notice.recipient-off': [
    '⚠ 通道「{channel}」的接收人「{recipient}」已停用：{why}',
    '⚠ The recipient "{recipient}" of "{channel}" is switched off: {why}',
  ],
  'notice.rerated': ['⚠ {account}：平台评级有变化', '⚠ {account}: the platform rates it anew'],
  'notice.rerated.points': ['交易体验分：{from} → {to}', 'Experience score: {from} → {to}'],
  'notice.unrated': [
    '⚠ {account}：从 {since} 起读不到平台的交易体验分和扣分记录：{why}。请到平台后台查看；恢复之前不再提醒',
    '⚠ {account}: its score and violations cannot be read since {since}: {why}. Look into the console; nothing more is said until it can be read',
  ],
  'digest.title': ['📋 今日待办', '📋 Today'],
  'digest.nothing-owed': ['没有等我方处理的投诉', 'Nothing is owed'],
  'digest.owed.respond': ['待处理 {count}', '{count} to answer'],
  'digest.owed.add-evidence': ['待补充凭证 {count}', '{count} want evidence'],
  'digest.owed.prove-refund': ['待补充处理凭证 {count}', '{count} want the refund proved'],
  'digest.owed.decide-refund': ['待决定退款 {count}', '{count} want a refund decided'],
  'digest.owed.refund': ['待退款 {count}', '{count} want a refund'],
  'digest.owed.finish': ['待完结 {count}', '{count} to finish'],
  'digest.owed.appeal': ['待申诉 {count}', '{count} to appeal'],
  'digest.open': [
    '未结 {open} 件，已超时 {late} 件，待办的投诉所示金额合计 ¥{sum}',
    '{open} open, {late} of them late; amounts shown where something is owed: ¥{sum} in all',
  ],
  'digest.lately': [
    '过去一天：新增 {came} 件，处理 {done} 次，结束 {closed} 件',
    'The last day: {came} came, {done} acts, {closed} closed',
  ],
  'digest.ruled': ['规则：{what}', 'Rules: {what}'],
  'digest.ruled.refund': ['退款 {count} 次共 ¥{sum}', '{count} refunds, ¥{sum}'],
  'digest.ruled.respond': ['回应 {count} 次', '{count} answers'],
  'digest.ruled.finish': ['完结 {count} 次', '{count} finished'],
  'digest.ruled.note': ['备注 {count} 次', '{count} notes'],
  'notice.known': [
    '{account} 投诉单 {number} 已经在这里：#{n}，已重新读取',
    '{account}: complaint {number} is here already: #{n}; it was read again',
  ],

  'bind.room': [
    '本群已绑定「{tenant}」，新投诉会发到这里',
    'This group is bound to "{tenant}"; new complaints come here',
  ],
  'bind.room.already': ['本群已经绑定过了', 'This group is bound already'],
  'bind.member': ['已绑定：{name}（{role}）', 'Bound: {name} ({role})'],
  'bind.bad.room': [
    '绑定码无效或已过期（个人绑定码只能私聊发送，发到群里即作废）；请向管理员要新的绑定码',
    'The code is invalid or has run out (personal codes go to a private chat and are void once sent here); ask an admin for a new one',
  ],
  'bind.bad.member': [
    '绑定码无效或已过期（群绑定码请在群里发送）；请向管理员要新的个人绑定码',
    'The code is invalid or has run out (group codes go to the group); ask an admin for a new personal code',
  ],

  'role.viewer': ['只看', 'viewer'],
  'role.agent': ['客服', 'agent'],
  'role.refunder': ['可退款', 'refunder'],
  'role.admin': ['管理员', 'admin'],

  whoami: [
    '你是 {name}（@{handle}），角色：{role}，商家：{tenant}',
    'You are {name} (@{handle}), role: {role}, business: {tenant}',
  ],
  'whoami.unbound': [
    '我还不认识你。你在这个聊天里的编号是 {user}；请向管理员要绑定码',
    'I do not know you yet. Your id in this chat is {user}; ask an admin for a code',
  ],
  'list.title': ['未结投诉', 'Open complaints'],
  'list.title.due': ['按剩余时间', 'By time left'],
  'list.title.mine': ['我处理的投诉', 'My complaints'],
  'list.title.all': ['全部投诉（最新在前）', 'All complaints, newest first'],
  'list.none': ['没有投诉', 'No complaints'],
  'list.more': ['只显示前 {count} 条', 'The first {count} are shown'],
  'search.example': ['碎了', 'broken'],
  'search.title': ['找到的投诉（最新在前）', 'Found, newest first'],
  'search.what': [
    '可以搜：编号、投诉单号、订单号、退款单号、手机号后四位、@处理人，或近一年投诉内容、商品、备注里的词，例如 {example}',
    'You can search by number, complaint number, order number, refund number, the last four digits of a phone, @handle, or words of the last year: the complaint, its product, your notes. For example {example}',
  ],
  'search.none': ['没有找到。{what}', 'Nothing found. {what}'],
  'search.short': ['按内容搜，至少要有连着的两个字。{what}', 'Words to search by need two characters or more. {what}'],
  left: ['剩 {time}', '{time} left'],
  late: ['已超时 {time}', 'late by {time}'],
  'time.days': ['{n} 天', '{n} d'],
  'time.hours': ['{n} 小时', '{n} h'],
  'time.minutes': ['{n} 分钟', '{n} min'],
  'detail.title': ['#{n} 详情', '#{n} in detail'],
  'source.wechat-mini': ['小程序交易投诉', 'WeChat mini program'],
  'source.wechat-pay': ['微信支付投诉', 'WeChat Pay'],
  'source.alipay-risk': ['支付宝消费者投诉', 'Alipay, consumer complaint'],
  'source.alipay-trade': ['支付宝交易投诉', 'Alipay, trade complaint'],
  'step.said': ['{label}：{text}', '{label}: {text}'],
  'detail.said': ['{who} · {label}：{text}', '{who} · {label}: {text}'],
  'authorize.link': [
    '「{account}」的商家授权链接，{minutes} 分钟内有效，只能用一次：\n{link}\n也可以让商家用支付宝扫二维码',
    'A link by which one merchant authorises "{account}", good once and for {minutes} minutes:\n{link}\nOr let the merchant scan the code with its app',
  ],
  'authorize.link.only': [
    '「{account}」的商家授权链接，{minutes} 分钟内有效，只能用一次：\n{link}',
    'A link by which one merchant authorises "{account}", good once and for {minutes} minutes:\n{link}',
  ],
  'authorize.claimed': ['已认领商家「{merchant}」（{account}）', 'The merchant "{merchant}" is ours ({account})'],
  'no.authorize': ['这里没有需要商家授权的账号', 'No account of this room is authorised by merchants'],
  'no.authorize.code': [
    '认领码 {code} 不存在、已用过或已过期；请向商家再要一次，或执行 redress merchant waiting 查看等待认领的商家',
    'The claim code {code} is unknown, used or too old; ask the merchant again, or see who waits with redress merchant waiting',
  ],
  'no.authorize.address': [
    '还没有设置 publicUrl，商家授权后回不到这里；请先设置它',
    'publicUrl is not set, so that a merchant would not find the way back; set it first',
  ],
  'no.score': ['这里没有平台会评分的账号', 'The platform rates no account of this room'],
  'score.account': ['{account}', '{account}'],
  'score.points': ['交易体验分：{points}', 'Experience score: {points}'],
  'score.guarantee': ['交易保障：{state}', 'Guarantee: {state}'],
  'score.active': ['正常', 'active'],
  'score.inactive': ['未生效', 'not active'],
  'score.unknown': ['平台未给出', 'not told'],
  'score.count': ['扣分记录：{n} 笔', 'Violations: {n}'],
  'score.count.newest': ['扣分记录：{n} 笔，最近 {shown} 笔：', 'Violations: {n}, the newest {shown}:'],
  'score.complaint': ['投诉单 {number}', 'complaint {number}'],
  'score.unread': ['还没有读到过', 'never read yet'],
  'score.away': ['现在读不到：{why}', 'It cannot be read now: {why}'],
  'score.at': ['读取时间 {at}', 'Read {at}'],
  'by.user': ['用户', 'customer'],
  'by.merchant': ['商家', 'merchant'],
  'by.platform': ['平台', 'platform'],
  'by.rule': ['规则「{rule}」', 'rule "{rule}"'],
  'by.approved': ['{by}（{second} 批准）', '{by} (approved by {second})'],
  warning: ['注意：{text}', 'Note: {text}'],
  'cmd.list': ['查看投诉：未结、按时限、我的、全部', 'list complaints: open, due, mine or all'],
  'cmd.show': ['重新显示一张卡片', 'show the card again'],
  'cmd.agree': ['同意和解，并写给用户的说明', 'agree to settle, with a word to the customer'],
  'cmd.refuse': ['拒绝和解，并写明理由', 'refuse to settle, with the reason'],
  'cmd.reply': ['回复用户（微信支付投诉）', 'reply to the customer (WeChat Pay)'],
  'cmd.refund': [
    '退款：写金额或全部，可写原因，核对后才退',
    'give money back: an amount or all, and why; checked before it goes',
  ],
  'cmd.approve': [
    '同意退款（微信支付投诉），钱可一并退',
    'approve the refund that is asked for (WeChat Pay), with the money or without',
  ],
  'cmd.reject': [
    '拒绝退款（微信支付投诉）：写明原因，核对后提交',
    'reject the refund that is asked for (WeChat Pay), with the reason',
  ],
  'cmd.finish': [
    '完结，核对后提交；支付宝投诉先选处理结果',
    'say that it is dealt with, checked before it goes; Alipay wants to know how',
  ],
  'cmd.evidence': ['补充凭证：说明和图片，核对后提交', 'add evidence: text and pictures, checked before they go'],
  'cmd.proof': [
    '提交退款凭证：有退货时先写「已收货」或「未收货」，核对后提交',
    'submit the proof of a refund, checked before it goes; with a return write received or not first',
  ],
  'cmd.appeal': ['申诉：写明理由，核对后提交', 'appeal with your reason, checked before it goes'],
  'cmd.import': ['按投诉单号导入一单（推送没到时用）', 'fetch a complaint by its number, when its push never came'],
  'cmd.authorize': [
    '请商家授权：给出链接和二维码；或用认领码认领已授权的商家',
    'let a merchant authorise us: a link and a QR code; or claim one by its code',
  ],
  'cmd.claim': ['认领：由我处理', 'I take care of it'],
  'cmd.release': ['放回：不再由我处理', 'give it back'],
  'cmd.note': ['记一条备注，只有团队看得到', 'keep a note that only the team sees'],
  'cmd.score': ['平台给的交易体验分、交易保障、扣分笔数', "the platform's score, guarantee and number of violations"],
  'cmd.violations': ['平台的扣分记录，最近的在前', 'what points were taken for, newest first'],
  'cmd.t': ['用模板：选一个，看过再提交', 'use a template, looked at before it goes'],
  'cmd.due': ['按剩余时间列出要处理的投诉', 'What is due, by time left'],
  'cmd.snooze': ['这段时间内不再提醒', 'No reminders for that time'],
  'cmd.duty': ['查看或设置值班', 'Who is on duty, or say who is'],
  'due.none': ['没有带截止时间的待办', 'Nothing is due'],
  'due.title': [
    '待办 {count} 件，已超时 {late} 件，投诉所示金额合计 ¥{sum}',
    '{count} due, {late} of them late; amounts shown: ¥{sum} in all',
  ],
  'snooze.how': ['要静音多久？最长 24 小时，例如 {example}', 'For how long? At most 24 hours, such as {example}'],
  'snooze.nothing': ['#{n} 没有会提醒的事项', 'There is nothing to be reminded of about #{n}'],
  'snooze.done': [
    '#{n} 静音到 {until}；快到截止时管理员仍会收到提醒',
    '#{n} is snoozed until {until}; close to its end the admins are told all the same',
  ],
  'snooze.ended': ['#{n} 恢复提醒', 'Reminders of #{n} go on'],
  'duty.title': ['值班：', 'On duty:'],
  'duty.nobody': ['没有设置值班；例如 {example}', 'Nobody is on duty; such as {example}'],
  'duty.how': ['看不懂「{what}」；例如 {example}', 'Not understood: {what}; such as {example}'],
  'card.link': ['打开处理页', 'Open the page'],
  'link.own': [
    '#{n} 的处理页（{minutes} 分钟内打开，只能用一次，请勿转发）：\n{url}',
    'The page of #{n} (open it within {minutes} min; works once; do not pass it on):\n{url}',
  ],
  'link.revoked': [
    '#{n} 的链接已全部作废；新的请发送 /link',
    'All links to #{n} are dead now; for a new one send /link',
  ],
  'link.revoked.all': [
    '所有投诉的链接已全部作废；新的请发送 /link',
    'All links to all complaints are dead now; for a new one send /link',
  ],
  'no.link.alone': [
    '处理页的链接只发给本人：请在与机器人的私聊中发送 {example}',
    'Such a link is for one person: send {example} in a private chat with the bot',
  ],
  'no.link.address': [
    '还没有可以打开的网址；请设置 publicUrl',
    'Redress does not know how browsers reach it; set publicUrl',
  ],
  'no.reveal.alone': [
    '联系方式只给本人看：请在与机器人的私聊中发送 {example}',
    'This is for one person: send {example} in a private chat with the bot',
  ],
  'no.reveal.none': ['#{n} 平台没有给联系方式', 'The platform gave no phone or contact for #{n}'],
  'reveal.shown': [
    '#{n} 投诉人\n{lines}\n已记录：{by} {at} 查看。请只用于处理这一单。',
    'Customer of #{n}\n{lines}\nKept on record: {by}, {at}. Use it for this complaint alone.',
  ],
  'reveal.name': ['姓名', 'Name'],
  'reveal.openid': ['平台用户标识', 'Id at the platform'],
  'offer.title': [
    '#{n} 有人在处理页放了 {count} 张图片，收下后才算数',
    '#{n} Somebody brought {count} picture(s) by the page; they count once they are taken',
  ],
  'offer.taken': ['#{n} {by} 收下了 {count} 张图片', '#{n} {by} took {count} picture(s)'],
  'offer.taken.already': ['#{n} 这些图片已由 {by} 收下', '#{n} {by} has taken these pictures already'],
  'no.offer': ['#{n} 这些图片已过期；请重新上传', '#{n} These pictures are too old; please bring them once more'],
  'button.take': ['收下图片', 'Take the pictures'],
  'cmd.link': [
    '私聊：取自己的处理页链接；管理员加「作废」使已发出的失效',
    'in a private chat: your own link to its page; an admin adds off to kill those that are out',
  ],
  'cmd.reveal': [
    '私聊：看投诉人的联系方式（可退款、管理员），会留下记录',
    'in a private chat: phone and contact of the customer (refunders, admins); kept on record',
  ],
  'cmd.rules': [
    '自动规则：列出；管理员可启用、停用、恢复自动退款',
    'rules: list them; an admin switches them and lets refunds go on',
  ],
  'cmd.search': [
    '按编号、单号、手机号后四位、处理人或内容里的词找投诉',
    'find complaints by a number, a phone, a handle or words',
  ],
  'cmd.assign': ['指派：交给某位成员处理', 'give it to a member'],
  'cmd.undo': [
    '撤回自己 10 分钟内还没提交平台的事',
    'take back what you did in the last 10 minutes, while it has not gone out',
  ],
  'cmd.test': [
    '给通知通道或某个接收人发一条测试消息（管理员）',
    'send a test message through a channel, or to one recipient (admins)',
  ],
  'cmd.doctor': [
    '体检：有什么不对、怎么修（管理员；私聊看全部）',
    'check-up: what is wrong and how to mend it (admins; all of it in a private chat)',
  ],
  'doctor.title': ['体检：故障 {bad}，提醒 {warn}，正常 {ok}', 'Check-up: {bad} broken, {warn} warnings, {ok} well'],
  'doctor.alone': [
    '看是哪些、怎么修：私聊我发送 {example}，或运行 {command}',
    'What they are and how to mend them: send {example} to me alone, or run {command}',
  ],
  'doctor.more': ['还有 {n} 条：运行 {command}', '{n} more: run {command}'],
  'doctor.machine': [
    '服务器本身（磁盘、备份、时钟、数据库）由管理它的人查看：redress doctor',
    'The machine itself (disk, backups, clock, database) is looked at by whoever runs it: redress doctor',
  ],
  'cmd.lang': ['本群用中文还是英文', 'the language of this room'],
  'cmd.help': ['怎么用', 'how to use this'],
  'cmd.bind': ['用绑定码绑定本群，或在私聊中绑定自己', 'bind this group, or in a private chat yourself, by a code'],
  'cmd.whoami': ['我是谁、能做什么', 'who I am and what I may do'],
  'help.title': ['可以这样用（回复卡片时可省略编号）：', 'What you can send (a reply to a card needs no number):'],
} as const satisfies Record<string, readonly [zh: string, en: string]>

export type TextKey = keyof typeof texts
export type Params = Readonly<Record<string, string | number>>

export function text(language: Language, key: TextKey, params: Params = {}): string {
  const template = texts[key][language === 'en' ? 1 : 0]
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

export const textKeys = Object.keys(texts) as readonly string[] as readonly TextKey[]

/** Outside messages may hold both languages, `中文 | English`; ours are named by `@`. */
export function problem(language: Language, message: string | undefined): string {
  if (message?.startsWith('@')) {
    const key = `problem.${message.slice(1)}`
    const known = textKeys.find((name) => name === key)
    return known ? text(language, known) : message
  }
  const [zh, en] = (message ?? '').split(' | ')
  return (language === 'en' ? (en ?? zh) : zh) ?? ''
}
