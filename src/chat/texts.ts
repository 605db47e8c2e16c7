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
  'line.reason': ['原因', 'Reason'],
  'line.product': ['商品', 'Product'],
  'line.amount': ['投诉所示金额', 'Amount shown'],
  'line.order': ['商户订单', 'Order'],
  'line.who': ['投诉人', 'Customer'],
  'line.nth': ['{who}（第 {nth} 次投诉）', '{who} (complaint no. {nth})'],
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
  'button.claim': ['认领', 'Claim'],
  'button.release': ['放回', 'Release'],
  'button.detail': ['详情', 'Detail'],
  'button.read': ['再读一次', 'Read again'],
  'button.pictures': ['再取图片', 'Fetch pictures again'],
  'button.send': ['确认提交', 'Submit'],
  'button.drop': ['放弃', 'Discard'],

  'act.respond': ['回应', 'Response'],
  'act.agree': ['同意和解', 'Agreement'],
  'act.refuse': ['拒绝和解', 'Refusal'],
  'act.talk': ['回复', 'Reply'],
  'act.refund': ['退款', 'Refund'],
  'act.add-evidence': ['补充凭证', 'Evidence'],
  'act.prove-refund': ['退款凭证', 'Refund proof'],
  'act.appeal': ['申诉', 'Appeal'],
  'act.decide-refund': ['退款决定', 'Refund decision'],
  'act.finish': ['完结', 'Finish'],

  'note.provisional': [
    '未能读取详情：{why}。我们会一直重试；修好后自动变成完整卡片。',
    'The detail cannot be read: {why}. We keep trying; the full card follows by itself.',
  ],
  'note.working': ['处理中：{act} · {by}', 'In progress: {act} · {by}'],
  'note.unsure': [
    '{act} · {by}：已发出，平台未答复，正在核实，请勿重复操作',
    '{act} · {by}: sent, no answer from the platform; checking. Do not repeat it',
  ],
  'note.done': ['{act}已提交 · {by} · {at}', '{act} submitted · {by} · {at}'],
  'note.failed': ['{act}未成功 · {by}：{why}', '{act} failed · {by}: {why}'],

  'fact.done': ['#{n} {act}已提交 · {by}', '#{n} {act} submitted · {by}'],
  'fact.failed': ['#{n} {act}未成功 · {by}：{why}', '#{n} {act} failed · {by}: {why}'],
  'fact.said': ['#{n} 用户：{text}', '#{n} customer: {text}'],
  'fact.platform': ['#{n} 平台：{text}', '#{n} platform: {text}'],
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
  'said.noted': ['#{n} 备注已记下', 'Note kept for #{n}'],
  'said.importing': [
    '正在读取 {account} 的投诉单 {number}，读到后会出现卡片',
    'Reading complaint {number} of {account}; its card follows',
  ],
  'said.reading': ['正在重新读取 #{n}', 'Reading #{n} again'],
  'said.dropped': ['已放弃，没有提交', 'Discarded; nothing was submitted'],
  'said.staged': ['#{n} 已收 {count} 张图片；{next}', '#{n}: {count} picture(s) kept; {next}'],
  'said.staged.respond': ['同意或拒绝时会一并提交', 'they go with your agreement or refusal'],
  'said.staged.appeal': ['申诉时会一并提交', 'they go with your appeal'],
  'said.staged.next': ['下一步会一并提交，不要请按放弃', 'they go along with what is said next, unless discarded'],
  'said.staged.words': [
    '附带的文字没有提交；要提交请发送 {example}',
    'The text that came with them was not submitted; to submit it send {example}',
  ],
  'said.cancelled': ['已取消', 'Cancelled'],

  'preview.title': ['#{n} 提交前请核对', '#{n} check before submitting'],
  'preview.act': ['操作', 'Act'],
  'preview.received': ['退货', 'Return'],
  'preview.text': ['说明', 'Text'],
  'preview.pictures': ['图片', 'Pictures'],
  'preview.count': ['{count} 张（最多 {most} 张）', '{count} (at most {most})'],
  'preview.none': ['（无）', '(none)'],
  'preview.once': ['平台只收一次，提交后不能补充', 'The platform takes this once; nothing can be added later'],

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
  'no.text-too-long': [
    '太长了：{is} 字，最多 {most} 字；请删短后重发',
    'Too long: {is}, at most {most}; shorten it and send it again',
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
  left: ['剩 {time}', '{time} left'],
  late: ['已超时 {time}', 'late by {time}'],
  'time.days': ['{n} 天', '{n} d'],
  'time.hours': ['{n} 小时', '{n} h'],
  'time.minutes': ['{n} 分钟', '{n} min'],
  'detail.title': ['#{n} 详情', '#{n} in detail'],
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
  warning: ['注意：{text}', 'Note: {text}'],
  'cmd.list': ['查看投诉：未结、按时限、我的、全部', 'list complaints: open, due, mine or all'],
  'cmd.show': ['重新显示一张卡片', 'show the card again'],
  'cmd.agree': ['同意和解，并写给用户的说明', 'agree to settle, with a word to the customer'],
  'cmd.refuse': ['拒绝和解，并写明理由', 'refuse to settle, with the reason'],
  'cmd.evidence': ['补充凭证：说明和图片，核对后提交', 'add evidence: text and pictures, checked before they go'],
  'cmd.proof': [
    '提交退款凭证：有退货时先写「已收货」或「未收货」，核对后提交',
    'submit the proof of a refund, checked before it goes; with a return write received or not first',
  ],
  'cmd.appeal': ['申诉：写明理由，核对后提交', 'appeal with your reason, checked before it goes'],
  'cmd.import': ['按投诉单号导入一单（推送没到时用）', 'fetch a complaint by its number, when its push never came'],
  'cmd.claim': ['认领：由我处理', 'I take care of it'],
  'cmd.release': ['放回：不再由我处理', 'give it back'],
  'cmd.note': ['记一条备注，只有团队看得到', 'keep a note that only the team sees'],
  'cmd.score': ['平台给的交易体验分、交易保障、扣分笔数', "the platform's score, guarantee and number of violations"],
  'cmd.violations': ['平台的扣分记录，最近的在前', 'what points were taken for, newest first'],
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
