import { type Complaint, moveOf } from '../complaints/complaint.ts'
import type { Language } from '../storage/tenants.ts'
import { draft, prove, respond } from './acts.ts'
import { assign } from './assign.ts'
import { authorize } from './authorize.ts'
import type { Answer } from './chat.ts'
import { claim, note, release } from './claims.ts'
import { type Context, complaintByNumber, complaintRepliedTo, refusal } from './context.ts'
import { approveRefund } from './decide.ts'
import { doctor } from './doctor.ts'
import { due } from './due.ts'
import { duty } from './duty.ts'
import { finish } from './finish.ts'
import { importByNumber } from './import.ts'
import { lang } from './language.ts'
import { ownLink, takeBackAll } from './link.ts'
import { list } from './list.ts'
import { refund } from './refund.ts'
import { reveal } from './reveal.ts'
import { rules } from './rules.ts'
import { score, violations } from './score.ts'
import { search } from './search.ts'
import { show } from './show.ts'
import { snooze } from './snooze.ts'
import { template } from './templates.ts'
import { test } from './test.ts'
import { type TextKey, text } from './texts.ts'
import { lastTouched, undo } from './undo.ts'

/** What follows the command's word. */
export interface Arguments {
  readonly rest: string
  readonly wish: { readonly key: string }
}

export interface Command {
  readonly name: string
  readonly aliases: readonly string[]
  readonly example: string
  readonly help: TextKey
  /** Works for people and in chats that are not bound yet; hear.ts answers these itself. */
  readonly early?: true
  run?(context: Context, args: Arguments): Promise<Answer>
}

/** @param otherwise which one is meant where none is named. */
const onComplaint =
  (
    act: (context: Context, complaint: Complaint, args: Arguments) => Promise<Answer>,
    otherwise?: (context: Context) => Promise<Complaint | undefined>,
  ): NonNullable<Command['run']> =>
  async (context, args) => {
    const named = await naming(context, args.rest)
    const meant =
      named.or === undefined && named.number === undefined && !named.complaint && (await otherwise?.(context))
    if (meant) return act(context, meant, args)
    if (named.or !== undefined) return refusal(context, 'no.number.which', { n: named.or, other: named.number })
    if (named.number === undefined && !named.complaint) return refusal(context, 'no.number', { example: '/show 128' })
    if (!named.complaint) return refusal(context, 'no.complaint', { n: named.number ?? '' })
    return act(context, named.complaint, { ...args, rest: named.rest })
  }

const answer = (stance: 'agree' | 'refuse' | 'talk') =>
  onComplaint((context, complaint, { rest, wish }) => respond(context, complaint, { stance, text: rest, wish }))

const linkTo = onComplaint((context, complaint, { rest }) => ownLink(context, complaint, rest))

/** The one table: parsing, help, menus and docs are made from it. */
export const commands: readonly Command[] = [
  { name: 'list', aliases: ['列表', 'ls'], example: '/list open', help: 'cmd.list', run: list },
  { name: 'show', aliases: ['详情', '查看'], example: '/show 128', help: 'cmd.show', run: onComplaint(show) },
  { name: 'reply', aliases: ['回复', '回应'], example: '/reply 128 …', help: 'cmd.reply', run: answer('talk') },
  { name: 'agree', aliases: ['同意'], example: '/agree 128 …', help: 'cmd.agree', run: answer('agree') },
  { name: 'refuse', aliases: ['拒绝'], example: '/refuse 128 …', help: 'cmd.refuse', run: answer('refuse') },
  {
    name: 'refund',
    aliases: ['退款', '退钱'],
    example: '/refund 128 12.50 …',
    help: 'cmd.refund',
    run: onComplaint((context, complaint, { rest, wish }) => refund(context, complaint, { words: rest, wish })),
  },
  {
    name: 'approve',
    aliases: ['同意退款'],
    example: '/approve 128',
    help: 'cmd.approve',
    run: onComplaint((context, complaint, { rest, wish }) => approveRefund(context, complaint, { text: rest, wish })),
  },
  {
    name: 'reject',
    aliases: ['拒绝退款', '驳回退款'],
    example: '/reject 128 …',
    help: 'cmd.reject',
    run: onComplaint((context, complaint, { rest, wish }) =>
      draft(context, complaint, { draft: { kind: 'decide-refund', verdict: 'reject' }, text: rest, wish }),
    ),
  },
  {
    name: 'evidence',
    aliases: ['补凭证', '补充凭证', '凭证'],
    example: '/evidence 128 …',
    help: 'cmd.evidence',
    run: onComplaint((context, complaint, { rest, wish }) =>
      draft(context, complaint, { draft: { kind: 'add-evidence' }, text: rest, wish }),
    ),
  },
  {
    name: 'proof',
    aliases: ['退款凭证', '处理凭证'],
    example: '/proof 128 …',
    help: 'cmd.proof',
    run: onComplaint((context, complaint, { rest, wish }) =>
      prove(context, complaint, { ...proofOf(complaint, rest), wish }),
    ),
  },
  {
    name: 'appeal',
    aliases: ['申诉'],
    example: '/appeal 128 …',
    help: 'cmd.appeal',
    run: onComplaint((context, complaint, { rest, wish }) =>
      draft(context, complaint, { draft: { kind: 'appeal' }, text: rest, wish }),
    ),
  },
  {
    name: 'finish',
    aliases: ['完结'],
    example: '/finish 128',
    help: 'cmd.finish',
    run: onComplaint((context, complaint, { rest, wish }) => finish(context, complaint, { text: rest, wish })),
  },
  { name: 'claim', aliases: ['认领'], example: '/claim 128', help: 'cmd.claim', run: onComplaint(claim) },
  { name: 'release', aliases: ['放回'], example: '/release 128', help: 'cmd.release', run: onComplaint(release) },
  {
    name: 'note',
    aliases: ['备注'],
    example: '/note 128 …',
    help: 'cmd.note',
    run: onComplaint(async (context, complaint, { rest }) =>
      rest ? note(context, complaint, rest) : refusal(context, 'no.arguments', { example: '/note 128 …' }),
    ),
  },
  {
    name: 'assign',
    aliases: ['指派', '转交'],
    example: '/assign 128 @li',
    help: 'cmd.assign',
    run: onComplaint(assign),
  },
  {
    name: 't',
    aliases: ['模板', 'template'],
    example: '/t 128 …',
    help: 'cmd.t',
    run: onComplaint(template),
  },
  {
    name: 'undo',
    aliases: ['撤回', '撤销'],
    example: '/undo 128',
    help: 'cmd.undo',
    run: onComplaint(undo, lastTouched),
  },
  { name: 'due', aliases: ['时限', '快到期'], example: '/due', help: 'cmd.due', run: due },
  {
    name: 'snooze',
    aliases: ['静音', '稍后提醒'],
    example: '/snooze 128 2h',
    help: 'cmd.snooze',
    run: onComplaint(snooze),
  },
  { name: 'duty', aliases: ['值班'], example: '/duty @li @wang 09:00-21:00', help: 'cmd.duty', run: duty },
  { name: 'rules', aliases: ['规则'], example: '/rules', help: 'cmd.rules', run: rules },
  { name: 'search', aliases: ['搜索', '查找', 'find'], example: '/search …', help: 'cmd.search', run: search },
  { name: 'import', aliases: ['导入', '补录'], example: '/import shop 2157', help: 'cmd.import', run: importByNumber },
  {
    name: 'authorize',
    aliases: ['授权', '商家授权', 'authorise'],
    example: '/authorize shop',
    help: 'cmd.authorize',
    run: authorize,
  },
  {
    name: 'link',
    aliases: ['链接', '处理页'],
    example: '/link 128',
    help: 'cmd.link',
    run: (context, args) => takeBackAll(context, args.rest) ?? linkTo(context, args),
  },
  {
    name: 'reveal',
    aliases: ['联系方式', '查看电话'],
    example: '/reveal 128',
    help: 'cmd.reveal',
    run: onComplaint(reveal),
  },
  { name: 'score', aliases: ['体验分', '评分'], example: '/score shop', help: 'cmd.score', run: score },
  {
    name: 'violations',
    aliases: ['扣分', '违规'],
    example: '/violations shop',
    help: 'cmd.violations',
    run: violations,
  },
  { name: 'test', aliases: ['测试'], example: '/test mail', help: 'cmd.test', run: test },
  { name: 'doctor', aliases: ['体检'], example: '/doctor', help: 'cmd.doctor', run: doctor },
  { name: 'lang', aliases: ['语言', 'language'], example: '/lang en', help: 'cmd.lang', run: lang },
  { name: 'help', aliases: ['帮助', 'start'], example: '/help', help: 'cmd.help', early: true },
  { name: 'bind', aliases: ['绑定'], example: '/bind ABCDE23456', help: 'cmd.bind', early: true },
  { name: 'whoami', aliases: ['我是谁'], example: '/whoami', help: 'cmd.whoami', early: true },
]

const receivedWords = ['received', 'yes', '已收货', '已收到', '收到']
const notReceivedWords = ['not', 'no', '未收货', '未收到', '没收到']

/** The first word says whether the goods came back, where that is asked; else it belongs to the text. */
function proofOf(complaint: Complaint, rest: string): { readonly received?: boolean; readonly text: string } {
  const [first = ''] = rest.split(/\s/, 1)
  const word = first.normalize('NFKC').toLowerCase()
  const known = [...receivedWords, ...notReceivedWords].includes(word)
  if (!known || moveOf(complaint, 'prove-refund')?.takes.choices === undefined) return { text: rest }
  return { received: receivedWords.includes(word), text: rest.slice(first.length).trim() }
}

type Naming =
  | { readonly number?: number; readonly complaint: Complaint | undefined; readonly rest: string; readonly or?: never }
  /** A bare number that names another complaint than the card that is answered: nobody knows which is meant. */
  | { readonly number: number; readonly or: number }

/** The number may be left out in answer to a card; there a bare number that names no complaint is part of the text. */
async function naming(context: Context, rest: string): Promise<Naming> {
  const match = /^([#＃]?)([\d０-９]{1,9})(?:\s+|$)/.exec(rest)
  const replied = await complaintRepliedTo(context)
  if (!match) return { complaint: replied, rest }
  const number = Number((match[2] ?? '').normalize('NFKC'))
  const complaint = await complaintByNumber(context, number)
  if (match[1] === '' && replied && replied.running !== number)
    return complaint ? { number, or: replied.running } : { complaint: replied, rest }
  return { number, complaint, rest: rest.slice(match[0].length).trim() }
}

/** Of all commands; or of those that are meant, with every other name they have. */
export function helpText(language: Language, about: readonly Command[] = commands): string {
  const lines = about.map(({ example, help, aliases }) =>
    language === 'en'
      ? `${example} (${text(language, help)})`
      : `${example}（${about.length === 1 ? aliases.join('、') : aliases[0]}，${text(language, help)}）`,
  )
  return about.length === 1 ? lines.join('\n') : [text(language, 'help.title'), ...lines].join('\n')
}
