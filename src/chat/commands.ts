import type { Complaint } from '../complaints/complaint.ts'
import { dueOf } from '../complaints/deadline.ts'
import { instant, yuan } from '../core/words.ts'
import { listComplaints } from '../storage/complaints.ts'
import { claim, draftEvidence, note, release, respond } from './acts.ts'
import type { Answer } from './chat.ts'
import { answerTo, type Context, complaintByNumber, complaintRepliedTo, refusal, say } from './context.ts'
import { drawCard } from './draw.ts'
import { type TextKey, text } from './texts.ts'
import { leftText } from './times.ts'

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

const onComplaint =
  (act: (context: Context, complaint: Complaint, args: Arguments) => Promise<Answer>): NonNullable<Command['run']> =>
  async (context, args) => {
    const named = await naming(context, args.rest)
    if (named.number === undefined && !named.complaint) return refusal(context, 'no.number', { example: '/show 128' })
    if (!named.complaint) return refusal(context, 'no.complaint', { n: named.number ?? '' })
    return act(context, named.complaint, { ...args, rest: named.rest })
  }

const answer = (stance: 'agree' | 'refuse') =>
  onComplaint((context, complaint, { rest, wish }) => respond(context, complaint, { stance, text: rest, wish }))

/** The one table: parsing, help, menus and docs are made from it. */
export const commands: readonly Command[] = [
  { name: 'list', aliases: ['列表', 'ls'], example: '/list open', help: 'cmd.list', run: list },
  { name: 'show', aliases: ['详情', '查看'], example: '/show 128', help: 'cmd.show', run: onComplaint(show) },
  { name: 'agree', aliases: ['同意'], example: '/agree 128 …', help: 'cmd.agree', run: answer('agree') },
  { name: 'refuse', aliases: ['拒绝'], example: '/refuse 128 …', help: 'cmd.refuse', run: answer('refuse') },
  {
    name: 'evidence',
    aliases: ['补凭证', '补充凭证', '凭证'],
    example: '/evidence 128 …',
    help: 'cmd.evidence',
    run: onComplaint((context, complaint, { rest, wish }) => draftEvidence(context, complaint, rest, wish)),
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
  { name: 'help', aliases: ['帮助', 'start'], example: '/help', help: 'cmd.help', early: true },
  { name: 'bind', aliases: ['绑定'], example: '/bind ABCDE23456', help: 'cmd.bind', early: true },
  { name: 'whoami', aliases: ['我是谁'], example: '/whoami', help: 'cmd.whoami', early: true },
]

/** The number may be left out in answer to a card; there a bare number is part of the text unless it is written #128. */
async function naming(context: Context, rest: string) {
  const match = /^([#＃]?)([\d０-９]{1,9})(?:\s+|$)/.exec(rest)
  const replied = await complaintRepliedTo(context)
  if (match && (match[1] !== '' || !replied)) {
    const number = Number((match[2] ?? '').normalize('NFKC'))
    return { number, complaint: await complaintByNumber(context, number), rest: rest.slice(match[0].length).trim() }
  }
  return { number: undefined, complaint: replied, rest }
}

const shownAtOnce = 20
const filters = { open: ['open', '未结'], due: ['due', '时限'], mine: ['mine', '我的'], all: ['all', '全部'] } as const

async function list(context: Context, { rest }: Arguments): Promise<Answer> {
  const { parts, room, member, tenant } = context
  const asked = rest.trim().toLowerCase() || 'open'
  const which = (['open', 'due', 'mine', 'all'] as const).find((name) => filters[name].some((word) => word === asked))
  if (!which) return refusal(context, 'no.arguments', { example: '/list open · due · mine · all' })
  const found = await listComplaints(parts.storage.reads, {
    tenant: tenant.id,
    which,
    member: member.id,
    ...(room.accounts ? { accounts: room.accounts } : {}),
    limit: shownAtOnce + 1,
  })
  if (found.length === 0) return answerTo(context, say(context, 'list.none'))
  const now = instant(parts.storage.reads.clock.now())
  const title = which === 'open' ? 'list.title' : (`list.title.${which}` as const)
  return {
    card: {
      title: say(context, title),
      tone: 'calm',
      lines: found.slice(0, shownAtOnce).map((complaint) => ({
        label: `#${complaint.running}`,
        text: rowOf(context, complaint, now),
      })),
      ...(found.length > shownAtOnce ? { note: say(context, 'list.more', { count: shownAtOnce }) } : {}),
      buttons: [],
    },
  }
}

function rowOf(context: Context, complaint: Complaint, now: ReturnType<typeof instant>): string {
  const due = dueOf(complaint)
  return [
    complaint.label,
    complaint.amountShown === undefined ? '' : `¥${yuan(complaint.amountShown)}`,
    complaint.reason,
    due ? leftText(context.room.language, due, now) : '',
  ]
    .filter(Boolean)
    .join(' · ')
}

async function show(context: Context, complaint: Complaint): Promise<Answer> {
  const { parts, room } = context
  return {
    card: await parts.storage.transaction((tx) => drawCard(tx, parts.platforms, room, complaint)),
    about: complaint.id,
  }
}

export const helpText = (language: Parameters<typeof text>[0]): string =>
  [
    text(language, 'help.title'),
    ...commands.map(
      ({ example, help, aliases }) =>
        `${example}（${language === 'en' ? '' : `${aliases[0]}，`}${text(language, help)}）`,
    ),
  ].join('\n')
