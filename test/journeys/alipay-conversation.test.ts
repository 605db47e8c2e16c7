import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { names, type Run, runs, stage } from './conversation/stage.ts'
import { spoke } from './conversation/tongue.ts'

// Complaints of Alipay from their first card to their end, the same stories in every chat, language and way.

const said = {
  'zh-CN': { reply: '今天补发', evidence: '签收记录见图', reason: '少发一件', proof: '监控录像' },
  en: { reply: 'It goes out today', evidence: 'Proof of delivery', reason: 'one was missing', proof: 'Camera footage' },
} as const satisfies Record<Run['language'], Record<string, string>>

const photos = [parcelPhoto(1), parcelPhoto(2)]
const hashed = (photo: Buffer) => createHash('sha256').update(photo).digest('hex')

test.each(runs)('a trade complaint, in $chat, $language, by $by, from its card to its end', async (run) => {
  const { w, talk, texts, t, command, act, offers, told } = await stage(run, 'alipay')
  const words = said[run.language]
  const one = '#1 支付宝'
  const n = 1
  const doneLine = (key: Parameters<typeof t>[0]) => t('fact.done', { n, act: t(key), by: names.li })
  const moved = async (kind: 'ask-platform' | 'cancel') => {
    await w.alipay.sandbox.moveTrade(id, { kind })
    await w.settle()
    await talk.calm()
  }

  // It arrives.
  const { id } = await w.alipay.trade({ text: '衣服破了一个洞，少发一件', amount: 30_000 })
  await talk.calm()
  await offers(one, ['button.finish', 'button.reply', 'button.refund', 'button.claim', 'button.detail'])
  const late = await talk.keep('chen', one, t('button.refund'))

  // Answered.
  const replied = await act('li', one, { button: 'button.reply', command: 'reply', words: words.reply })
  expect(replied).toContain(t('said.accepted', { n, act: t('act.talk') }))
  expect(w.alipay.deeds()).toEqual([`reply ${words.reply}`])
  await told(doneLine('act.talk'))

  // The customer service wants evidence: looked at, then submitted.
  await moved('ask-platform')
  await talk.look('li', one)
  await offers(one, ['button.add-evidence', 'button.refund', 'button.claim', 'button.detail'])
  const evidence = { button: 'button.add-evidence', command: 'evidence', words: words.evidence, photos } as const
  const preview = await act('li', one, evidence)
  expect(preview).toContain(t('preview.title', { n }))
  expect(w.alipay.deeds()).toHaveLength(1)
  await talk.press('li', t('preview.title', { n }), t('button.send'))
  expect(w.alipay.deeds().slice(1)).toEqual([`supplement ${words.evidence}`])
  expect(w.alipay.did('supplement')[0]?.media?.map(({ sha256 }) => sha256)).toEqual(photos.map(hashed))
  await told(doneLine('act.add-evidence'))

  // A part goes back, once it is looked at; and it is told when it is there.
  await talk.look('chen', one)
  if (run.by === 'commands') await talk.say('chen', command('refund', `50 ${words.reason}`))
  else {
    await talk.press('chen', one, t('button.refund'))
    await talk.press('chen', t('refund.title', { n }), t('button.part', { amount: '300.00' }))
    await talk.answer('chen', `50 ${words.reason}`)
  }
  expect(w.alipay.deeds()).toHaveLength(2)
  await talk.press('chen', t('refund.check', { n, amount: '50.00' }), t('button.pay', { amount: '50.00' }))
  await w.pass(60_000)
  await talk.calm()
  expect(w.alipay.deeds().slice(2)).toEqual([`refund 5000 ${words.reason}`, 'refund-success 5000'])
  const line = t('fact.refunded.at', { n, amount: '50.00', by: names.chen, at: '@' })
  await told(new RegExp(`^${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace('@', '\\d\\d:\\d\\d')}$`, 'u'))

  // The user takes it back: nothing is left to press.
  await moved('cancel')
  await told(t('fact.closed', { n, label: '投诉已撤销' }))
  await talk.look('li', one)
  await offers(one, ['button.detail'])
  const over = t('no.not-open', { n, label: '投诉已撤销' })
  expect(await late()).toContain(over)
  expect(await talk.say('li', command('reply', words.reply))).toContain(over)
  expect(w.alipay.deeds()).toHaveLength(4)

  spoke(run.language, texts)
})

test.each(runs)('a risk complaint, in $chat, $language, by $by, said to be settled', async (run) => {
  const { w, talk, texts, t, command, act, offers, told } = await stage(run, 'alipay')
  const { reply, proof } = said[run.language]
  const [n, one] = [1, '#1 支付宝']
  const check = t('preview.title', { n })
  const result = t('choice.SUBMIT_PROOF_NOT_CONTACTED')

  // Nobody tells of it: it is asked for.
  await w.alipay.risk({ text: '衣服破了一个洞，少发一件', amount: 30_000 })
  await w.pass(5 * 60_000, 60_000)
  await talk.calm()
  await offers(one, ['button.finish', 'button.reply', 'button.refund', 'button.claim', 'button.detail'])
  const late = await talk.keep('chen', one, t('button.finish'))

  // Answered.
  await act('li', one, { button: 'button.reply', command: 'reply', words: reply })
  await told(t('fact.done', { n, act: t('act.talk'), by: names.li }))
  await talk.look('li', one)

  // How it was settled is said first; all of it is looked at before it goes.
  if (run.by === 'commands') expect(await talk.say('li', command('finish', `4 ${proof}`), photos)).toContain(result)
  else {
    expect(await talk.press('li', one, t('button.finish'))).toContain(t('finish.how', { n }))
    expect(await talk.press('li', t('finish.how', { n }), `4 ${result}`)).toContain(result)
    await talk.press('li', check, t('button.words'))
    expect(await talk.answer('li', proof, photos)).toContain(proof)
  }
  expect(w.alipay.deeds()).toEqual([`reply ${reply}`])
  await talk.press('li', check, t('button.send'))
  await talk.calm()
  expect(w.alipay.deeds().slice(1)).toEqual([`finish SUBMIT_PROOF_NOT_CONTACTED ${proof}`])
  expect(w.alipay.did('finish')[0]?.media?.map(({ sha256 }) => sha256)).toEqual(photos.map(hashed))
  await told(t('fact.done', { n, act: t('act.finish'), by: names.li }))
  await told(t('fact.closed', { n, label: '处理完成' }))

  // It is over: nothing is left to press.
  await talk.look('li', one)
  await offers(one, ['button.detail'])
  const over = t('no.not-open', { n, label: '处理完成' })
  expect(await late()).toContain(over)
  expect(await talk.say('chen', command('finish', '5'))).toContain(over)
  expect(w.alipay.deeds()).toHaveLength(2)

  spoke(run.language, texts)
})
