import { expect, test } from 'vitest'
import { instant } from '../../src/core/words.ts'
import { changeAccount, createAccount } from '../../src/storage/accounts.ts'
import { createMember } from '../../src/storage/members.ts'
import { createTenant } from '../../src/storage/tenants.ts'
import { alone } from '../support/chat.ts'
import { group, people, type World, world } from '../support/world.ts'
import { words } from './people.ts'

const { li, wang, chen } = people
const asked = async (w: World, where = alone(chen), text = '/doctor') => words(await w.chat.say(chen, where, text))
/** Nobody knows them: the platform refuses its secret. */
const forget = (w: World) => w.wechat.misbehave({ on: 'token', how: 'errcode', errcode: 40125, times: 99 })

test('an admin reads in a private chat what is wrong and how to mend it, the worst first', async () => {
  const w = await world()
  await w.complain()
  expect(await asked(w)).toBe(
    '体检：故障 0，提醒 0，正常 6\n服务器本身（磁盘、备份、时钟、数据库）由管理它的人查看：redress doctor',
  )
  await w.storage.transaction((tx) =>
    createMember(tx, { tenant: w.tenant.id, handle: 'zhao', name: '小赵', role: 'agent', enabled: true }),
  )
  w.clock.advance(3 * 3_600_000)
  forget(w)
  const lines = (await asked(w, alone(chen), '/体检')).split('\n')
  expect(lines).toEqual([
    '体检：故障 1，提醒 1，正常 4',
    expect.stringMatching(/^✗ 小店：无法取得 access_token：.*40125/),
    expect.stringMatching(/^ {2}→ 核对 AppID/),
    '! 尚未绑定聊天账号：zhao',
    expect.stringMatching(/^ {2}→ 运行 redress member bind-code/),
    expect.stringContaining('redress doctor'),
  ])
})

test('in a group there is a count and where to look, and nothing of what was found', async () => {
  const w = await world({ language: 'en' })
  expect(await asked(w, group)).toBe(
    'Check-up: 0 broken, 1 warnings, 5 well\nWhat they are and how to mend them: send /doctor to me alone, or run redress doctor --tenant shop',
  )
})

test.each([
  ['agent', li],
  ['viewer', wang],
] as const)('a member who is no admin (%s) is told so, alone and in the group', async (_, who) => {
  const w = await world()
  for (const where of [group, alone(who)]) {
    const said = await w.chat.say(who, where, '/doctor')
    expect([said.text, said.onlyFor]).toEqual([expect.stringContaining('需要「管理员」'), [who.id]])
  }
})

test('of another business nothing is read, and nothing of the machine', async () => {
  const w = await world()
  await w.storage.transaction((tx) => createTenant(tx, { ...w.tenant, handle: 'other-shop', name: '别家' }))
  const said = await asked(w)
  expect(said).not.toContain('other-shop')
  expect(said).not.toMatch(/publicUrl|时钟相差|个商户/)
})

test('who does not answer in time is said to be late, and the rest is told within five seconds', async () => {
  const w = await world({ others: ['小满零食'] })
  w.clock.advance(3 * 3_600_000)
  const trouble = w.wechat.misbehave({ on: 'token', how: 'hang', appid: w.program.appid, times: 9 })
  let said: string | undefined
  const asking = asked(w).then((words) => {
    said = words
  })
  await expect.poll(() => trouble.happened).toBeGreaterThan(0)
  // What is asked at the same time has its answers by then.
  const other = w.others[0]?.account ?? ''
  const until = () =>
    w.storage.reads.db.selectFrom('token').select('until').where('account', '=', other).executeTakeFirst()
  await expect.poll(async () => ((await until())?.until ?? '') > instant(w.clock.now())).toBe(true)
  expect(said).toBeUndefined()
  // Four fifths of the time is for each, the rest to say so.
  w.clock.advance(3_200)
  await asking
  expect(said).toMatch(/^! 小店：3 秒内没有得到回答$/m)
  expect(said).not.toContain('小满零食：3 秒')
  // And then the call ends.
  w.clock.advance(10_000)
})

test('more than one message holds is counted, and the command that shows all of it named', async () => {
  const w = await world()
  await w.storage.transaction(async (tx) => {
    for (let n = 0; n < 40; n++)
      await createAccount(tx, {
        ...{ tenant: w.tenant.id, platform: 'wechat-mini', outsideId: `wx00000000${n}`, name: `小程序${n}` },
        ...{ enabled: true, settings: {}, secrets: {} },
      })
    await changeAccount(tx, w.tenant.id, w.account, { enabled: false })
  })
  const said = await asked(w)
  const [, bad = '', warn = ''] = /故障 (\d+)，提醒 (\d+)/.exec(said) ?? []
  const [, left = ''] = /还有 (\d+) 条：运行 redress doctor --tenant shop/.exec(said) ?? []
  const shown = said.split('\n').filter((line) => /^[✗!] /.test(line)).length
  expect(said.length).toBeLessThan(4_000)
  expect(shown).toBeGreaterThan(5)
  expect(shown + Number(left)).toBe(Number(bad) + Number(warn))
})

test('a key that does not open what the platform sends is said, until one does; what strangers send is not', async () => {
  const w = await world()
  await w.complain()
  const findings = async () => (await asked(w)).split('\n').filter((line) => /解不开|aesKey/.test(line))
  const stranger = async () => {
    const answer = await fetch(`${w.url}/hooks/${w.account}?timestamp=1&nonce=2&msg_signature=${'0'.repeat(40)}`, {
      method: 'POST',
      body: JSON.stringify({ Encrypt: Buffer.alloc(64).toString('base64') }),
    })
    expect(answer.status).toBeGreaterThanOrEqual(400)
  }
  await stranger()
  expect(await findings()).toEqual([])
  const change = (aesKey: string) =>
    w.storage.transaction(async (tx) => {
      const { secret = '', token = '' } = w.program
      await changeAccount(tx, w.tenant.id, w.account, { secrets: { secret, token, aesKey } })
    })
  const right = w.program.aesKey ?? ''
  await change('A'.repeat(43))
  await w.complain()
  expect(await findings()).toEqual([
    expect.stringMatching(/^✗ 小店：平台的推送签名正确，但此处的密钥解不开（\d+ 次，最近 2/),
    expect.stringContaining('aesKey=@file'),
  ])
  await change(right)
  await w.complain()
  expect(await findings()).toEqual([])
})
