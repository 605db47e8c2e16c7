import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { changed } from '../chat/pay-people.ts'
import type { PayWorld, World } from '../support/world.ts'
import { names, type Run, runs, stage } from './conversation/stage.ts'
import { spoke } from './conversation/tongue.ts'

// One complaint from its first card to its end, the same story in every chat, language and way; and nothing of it by any other way.

const said = {
  'zh-CN': {
    note: '已联系仓库',
    agree: '非常抱歉，马上处理',
    evidence: '签收记录见图',
    proof: '已原路退款，单号 5030001',
    reply: '今天补发',
    reason: '少发一件',
    all: '全额',
  },
  en: {
    note: 'the warehouse is asked',
    agree: 'We are sorry and put it right at once',
    evidence: 'Proof of delivery',
    proof: 'Refunded, number 5030001',
    reply: 'It goes out today',
    reason: 'one was missing',
    all: 'all',
  },
} as const satisfies Record<Run['language'], Record<string, string>>

const complained = '衣服破了一个洞，少发一件'
const photos = [parcelPhoto(1), parcelPhoto(2)]

/** Pictures that the platform was given with the last act of this kind. */
const given = (w: World, what: string) =>
  w.wechat
    .ledger()
    .findLast((entry) => entry.what === what)
    ?.media?.map(({ sha256 }) => sha256)
const hashed = (photo: Buffer) => createHash('sha256').update(photo).digest('hex')

test.each(runs)('a complaint of a mini program, in $chat, $language, by $by, from its card to its end', async (run) => {
  const { w, talk, texts, t, command, act, offers, told } = await stage(run)
  const words = said[run.language]
  const one = '#1 小店'
  const n = 1
  const by = names.li
  /** Told by its own line where the card changes by itself; else by its next face. */
  const aside = talk.lively ? 1 : 0
  const doneLine = (key: Parameters<typeof t>[0]) => t('fact.done', { n, act: t(key), by })

  // It arrives.
  const { id } = await w.complain({ text: complained, amount: 1990, nickname: '张三' })
  await talk.calm()
  await offers(one, ['button.agree', 'button.refuse', 'button.claim', 'button.detail'])
  const late = await talk.keep('chen', one, t('button.refuse'))

  // Somebody takes care of it.
  const claimed = await act('li', one, { button: 'button.claim', command: 'claim' })
  expect(claimed).toContain(t('said.claimed', { n }))
  await told(t('fact.claimed', { n, by }), aside)
  await talk.look('li', one)
  await offers(one, ['button.agree', 'button.refuse', 'button.release', 'button.detail'])

  // A note is the team's alone; it is read in the detail.
  const noted = await talk.say('li', command('note', words.note))
  expect(noted).toContain(t('said.noted', { n }))
  await told(t('fact.noted', { n, by, text: words.note }), aside)
  const detail = await talk.press('wang', one, t('button.detail'))
  expect(detail).toContain(t('detail.title', { n }))
  expect(detail).toContain(words.note)
  expect(w.effects()).toEqual([])

  // Agreed, with words.
  const agreed = await act('li', one, { button: 'button.agree', command: 'agree', words: words.agree })
  expect(agreed).toContain(t('said.accepted', { n, act: t('act.agree') }))
  const effects = [`respond agree ${words.agree}`]
  expect(w.effects()).toEqual(effects)
  await told(doneLine('act.agree'))
  await talk.look('li', one)
  await offers(one, ['button.release', 'button.detail'])

  // The platform wants evidence: looked at, then submitted.
  await w.wechat.set(id, { status: 106, push: true })
  await talk.calm()
  await offers(one, ['button.add-evidence', 'button.release', 'button.detail'])
  const evidence = { button: 'button.add-evidence', command: 'evidence', words: words.evidence, photos } as const
  const preview = await act('li', one, evidence)
  expect(preview).toContain(t('preview.title', { n }))
  expect(preview).toContain(t('preview.count', { count: 2, most: 4 }))
  expect(w.effects()).toEqual(effects)
  await talk.press('li', t('preview.title', { n }), t('button.send'))
  effects.push(`evidence ${words.evidence}`)
  expect(w.effects()).toEqual(effects)
  expect(given(w, 'evidence')).toEqual(photos.map(hashed))
  await told(doneLine('act.add-evidence'))

  // Judged against us: made good, and proved.
  await w.wechat.set(id, { status: 101 })
  await w.wechat.move(id, { kind: 'judge', verdict: 'liable' })
  await talk.calm()
  await offers(one, ['button.prove-refund', 'button.release', 'button.detail'])
  const proof = { button: 'button.prove-refund', command: 'proof', words: words.proof } as const
  expect(await act('li', one, proof)).toContain(t('preview.title', { n }))
  expect(w.effects()).toEqual(effects)
  await talk.press('li', t('preview.title', { n }), t('button.send'))
  effects.push(`proof ${words.proof}`)
  expect(w.effects()).toEqual(effects)
  await told(doneLine('act.prove-refund'))

  // The platform closes it.
  await w.wechat.set(id, { status: 115, push: true })
  await talk.calm()
  await told(t('fact.closed', { n, label: '投诉已完结' }))

  // Nothing is left to press; what could be pressed once, and the command, are refused in words.
  await talk.look('chen', one)
  await offers(one, ['button.detail'])
  const others = await talk.read('wang')
  const over = t('no.not-open', { n, label: '投诉已完结' })
  expect(await late()).toContain(over)
  expect(await talk.read('wang')).toEqual(others)
  expect(await talk.say('chen', command('refuse', words.agree))).toContain(over)
  await offers(one, ['button.detail'])
  expect(w.effects()).toEqual(effects)

  spoke(run.language, texts)
})

/** What we did at WeChat Pay, in order: replies, money in fen, the end. */
const deeds = (w: PayWorld) =>
  w.pay.sandbox
    .ledger()
    .filter(({ by, what }) => by === 'merchant' && what !== 'notify-url')
    .map(({ what, amount, text }) => [what, amount, text].filter((part) => part !== undefined).join(' '))

test.each(runs)('a complaint of WeChat Pay, in $chat, $language, by $by, from its card to its end', async (run) => {
  const { w, talk, texts, t, command, act, offers, told } = await stage(run, ['青禾优选'])
  const words = said[run.language]
  const one = '#1 青禾优选'
  const n = 1
  await changed(w, 'wang', { role: 'refunder' })
  /** Money takes its minutes. */
  const arrived = async () => {
    await w.pass(3 * 60_000, 60_000)
    await talk.calm()
  }

  // It asks for money.
  await w.pay.complain({ text: complained, type: 'REFUND', amount: 30_000 })
  await talk.calm()
  await offers(one, [
    ...(['button.reply', 'button.finish', 'button.approve-refund', 'button.reject-refund'] as const),
    ...(['button.refund', 'button.claim', 'button.detail'] as const),
  ])
  const late = await talk.keep('li', one, t('button.reject-refund'))

  // Answered.
  const replied = await act('li', one, { button: 'button.reply', command: 'reply', words: words.reply })
  expect(replied).toContain(t('said.accepted', { n, act: t('act.talk') }))
  expect(deeds(w)).toEqual([`reply ${words.reply}`])
  await told(t('fact.done', { n, act: t('act.talk'), by: names.li }))
  await talk.look('chen', one)

  // A part goes back, once it is looked at; and it is told when it is there.
  await refund('50', 'button.part')
  expect(deeds(w)).toHaveLength(1)
  await talk.press('chen', t('refund.check', { n, amount: '50.00' }), t('button.pay', { amount: '50.00' }))
  await arrived()
  expect(deeds(w).slice(1)).toEqual([`refund 5000 ${words.reason}`])
  await told(arrival('50.00', names.chen))

  // The rest takes a second person, and is asked of everybody.
  await talk.look('chen', one)
  await refund(words.all, 'button.full')
  if (run.by === 'commands')
    await talk.press('chen', t('refund.check', { n, amount: '250.00' }), t('button.pay', { amount: '250.00' }))
  const [question = ''] = t('second.title', { n, amount: '250.00', by: names.chen, minutes: 10 }).split(' · ')
  await offers(question, ['button.approve', 'button.withdraw'])
  expect(await talk.press('chen', question, t('button.approve'))).toContain(t('no.second.self'))
  expect(deeds(w)).toHaveLength(2)
  expect(await talk.press('wang', question, t('button.approve'))).toContain(
    t('said.accepted', { n, act: t('act.refund.of', { amount: '250.00' }) }),
  )
  await arrived()
  expect(deeds(w).slice(2)).toEqual([run.by === 'commands' ? `refund 25000 ${words.reason}` : 'refund 25000'])
  await told(arrival('250.00', t('by.approved', { by: names.chen, second: names.wang })))

  // Finished, once it is looked at.
  await talk.look('li', one)
  const finish = await act('li', one, { button: 'button.finish', command: 'finish' })
  expect(finish).toContain(t('finish.title', { n }))
  expect(deeds(w)).toHaveLength(3)
  await talk.press('li', t('finish.title', { n }), t('button.finish.send'))
  expect(deeds(w).slice(3)).toEqual(['complete'])
  await told(t('fact.done', { n, act: t('act.finish'), by: names.li }))
  await told(t('fact.closed', { n, label: '已处理完成 · 已全额退款' }))

  // Nothing is left to press; what could be pressed once, and the command, are refused in words.
  await talk.look('li', one)
  await offers(one, ['button.detail'])
  const others = await talk.read('wang')
  const over = t('no.not-open', { n, label: '已处理完成 · 已全额退款' })
  expect(await late()).toContain(over)
  expect(await talk.read('wang')).toEqual(others)
  expect(await talk.say('li', command('reply', words.reply))).toContain(over)
  expect(deeds(w)).toHaveLength(4)

  spoke(run.language, texts)

  /** To the card that money goes from: an offer with a button for all of it, or the question how much; or at once by a command. */
  async function refund(amount: string, button: 'button.part' | 'button.full') {
    if (run.by === 'commands') return talk.say('chen', command('refund', `${amount} ${words.reason}`))
    await talk.press('chen', one, t('button.refund'))
    const label = t(button, { amount: '250.00' })
    const asked = await talk.press('chen', t('refund.title', { n }), label)
    return button === 'button.part' ? talk.answer('chen', `${amount} ${words.reason}`) : asked
  }
  function arrival(amount: string, by: string): RegExp {
    const line = t('fact.refunded.at', { n, amount, by, at: '@' })
    return new RegExp(`^${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('@', '\\d\\d:\\d\\d')}$`, 'u')
  }
})
