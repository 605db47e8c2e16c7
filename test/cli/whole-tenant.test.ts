import { expect, test } from 'vitest'
import { emptyWorld } from '../support/empty-world.ts'
import { redress } from './support.ts'

const li = { id: 'u-li', name: '小李' }

test('a whole business by the command line alone, up to a complaint answered and money given back once', async () => {
  const w = await emptyWorld()
  const { secret, token, aesKey, appid } = w.program
  const { mchid, settings, secrets } = w.merchant
  const files = { secret, token, aesKey, ...secrets, 'p.json': JSON.stringify({ ...settings, refunds: true }) }
  const given = { url: w.url, key: w.key, files }
  const go = async (...words: string[]) => {
    const { exit, out, err } = await redress(given, ...words, '--json')
    expect([words.join(' '), exit, err]).toEqual([words.join(' '), 0, ''])
    return JSON.parse(out)
  }
  const from = (...names: string[]) => names.flatMap((name) => ['--secret', `${name}=@${name}`])
  await go('tenant', 'create', '--handle', 'shop', '--name', '小店', '--refund-day', '1000')
  const mini = await go(
    ...['account', 'add', '--platform', 'wechat-mini', '--id', appid, '--name', '小程序', '--setting', 'mode=safe'],
    ...from('secret', 'token', 'aesKey'),
    ...['--setting', `payer=${mchid}`, '--setting', 'refunds=true'],
  )
  w.pushTo(mini.callbackUrl)
  await go(
    ...['account', 'add', '--platform', 'wechat-pay', '--id', mchid, '--name', '青禾优选', '--settings', '@p.json'],
    ...from('apiV3Key', 'privateKey', 'certificate', 'publicKey'),
  )
  await go('account', 'address', '青禾优选')
  await go('bot', 'add', '--kind', 'browser', '--name', '群')
  await go('member', 'add', '--handle', 'li', '--name', '小李', '--role', 'refunder')
  await w.chat.say(li, 'alone:u-li', (await go('member', 'bind-code', 'li')).say)
  await w.chat.say(li, 'ops', (await go('room', 'code')).say)
  await w.wechat.complain({ appid })
  await w.settle()
  await w.pay.complain({ mchid, amount: 1990 })
  await w.settle()

  await go('complaint', 'claim', '1', '--member', 'li')
  await go('complaint', 'note', '1', '--text', '客户来过电话')
  expect(await go('complaint', 'agree', '#1', '--text', '马上补发')).toMatchObject({ kind: 'respond', stance: 'agree' })
  await w.settle()
  expect(w.wechat.ledger().filter(({ by }) => by === 'merchant')).toMatchObject([{ text: '马上补发' }])
  expect(await go('complaint', 'actions', '1')).toMatchObject([{ state: 'done', by: { name: 'setting up' } }])

  expect(await go('complaint', 'refundable', '2')).toMatchObject([{ left: 1990 }])
  const refund = ['complaint', 'refund', '2', 'all', '--reason', '小额退款']
  const unasked = await redress(given, ...refund)
  expect([unasked.exit, unasked.err]).toEqual([2, expect.stringContaining('--yes')])
  const asked: string[] = []
  const asks = (answer: string) => ({
    async ask(words: string) {
      asked.push(words)
      return answer
    },
    close: () => {},
  })
  expect(await redress({ ...given, asks: asks('no') }, ...refund)).toMatchObject({ exit: 1, err: 'nothing was done\n' })
  expect(w.pay.refunds()).toEqual([])
  const paid = await redress({ ...given, asks: asks('yes') }, ...refund, '--key', 'one')
  expect([paid.exit, paid.err]).toEqual([0, ''])
  expect(paid.out).toMatch(/AMOUNT ¥ +19\.90/)
  expect(asked.at(-1)).toContain('¥19.90 of complaint #2')
  // Its answer was lost, say: the same command again.
  expect(
    (await redress(given, 'complaint', 'refund', '2', '19.90', '--reason', '小额退款', '--yes', '--key', 'one')).exit,
  ).toBe(0)
  const other = await redress(given, 'complaint', 'refund', '2', '19.90', '--yes')
  expect([other.exit, other.err]).toEqual([1, expect.stringContaining('…/actions')])
  await w.pass(180_000)
  expect(w.pay.refunds().map(({ amount, status }) => [amount, status])).toEqual([[1990, 'SUCCESS']])
})

test('wrong usage is said before anything is sent', async () => {
  for (const [words, said] of [
    [['complaint', 'reply'], 'number'],
    [['complaint', 'note', '1'], '--text'],
    [['complaint', 'claim', '1'], '--member'],
    [['complaint', 'proof', '1', '--received', 'maybe'], '--received'],
    [['complaint', 'agree', '1', '--if-version', 'x'], '--if-version'],
    [['complaint', 'refund', '1'], 'amount'],
    [['complaint', 'withdraw', '1'], 'action'],
    [['tenant', 'import'], 'file'],
    [['bot', 'remove'], 'bot'],
  ] as const) {
    const { exit, out, err } = await redress({}, ...words)
    expect([words, exit, out, err]).toEqual([words, 2, '', expect.stringContaining(said)])
  }
})
