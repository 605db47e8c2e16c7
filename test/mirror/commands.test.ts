import { expect, test } from 'vitest'
import { commands } from '../../src/chat/commands.ts'
import { asButtonToken, asPostId } from '../../src/core/words.ts'
import { createBindCode } from '../../src/storage/bind-codes.ts'
import { alone, type Person } from '../support/chat.ts'
import { differing, dumpOf, namesOf } from './rows.ts'
import { both, group, only, type Side } from './side.ts'
import { type Mirror, mirror, waitedFor } from './world.ts'

/** What can be named in a chat. */
const wordNames = [
  ...['running', 'number', 'order', 'paidOrder', 'refund', 'words', 'tail', 'handle', 'person', 'account', 'appid'],
  ...['alipay', 'code', 'channel', 'recipient', 'template', 'rule', 'member', 'room', 'otherAccount'],
] as const
type Words = Readonly<Record<(typeof wordNames)[number], string>>

/** Everything that can be said, each with what it takes; `alone`: where nobody else reads it. */
const sayings: Readonly<Record<string, readonly ((of: Words) => string)[]>> = {
  list: [() => '/list', () => '/list all', () => '/list due', () => '/list mine'],
  show: [({ running }) => `/show ${running}`, ({ running }) => `/show #${running}`],
  reply: [({ running }) => `/reply ${running} 马上处理`],
  agree: [({ running }) => `/agree ${running} 好的`],
  refuse: [({ running }) => `/refuse ${running} 不行`],
  refund: [({ running }) => `/refund ${running} 1.00 破损`],
  approve: [({ running }) => `/approve ${running}`],
  reject: [({ running }) => `/reject ${running} 已经用过`],
  evidence: [({ running }) => `/evidence ${running} 已签收`],
  proof: [({ running }) => `/proof ${running} 已退`],
  appeal: [({ running }) => `/appeal ${running} 已签收`],
  finish: [({ running }) => `/finish ${running}`],
  claim: [({ running }) => `/claim ${running}`],
  release: [({ running }) => `/release ${running}`],
  note: [({ running }) => `/note ${running} 留意`],
  assign: [
    ({ running }) => `/assign ${running} @chen`,
    ({ handle }) => `/assign 3 @${handle}`,
    ({ person }) => `/assign 3 ${person}`,
  ],
  t: [({ running }) => `/t ${running}`, ({ template }) => `/t 3 ${template}`],
  undo: [({ running }) => `/undo ${running}`, () => '/undo'],
  due: [() => '/due'],
  snooze: [({ running }) => `/snooze ${running} 2h`],
  duty: [() => '/duty', ({ handle }) => `/duty @${handle} 09:00-21:00`, ({ person }) => `/duty ${person}`],
  rules: [() => '/rules', ({ rule }) => `/rules on ${rule}`, ({ rule }) => `/rules off ${rule}`],
  search: [
    ...[({ running }: Words) => `/search #${running}`, ({ number }: Words) => `/search ${number}`],
    ...[({ order }: Words) => `/search ${order}`, ({ paidOrder }: Words) => `/search ${paidOrder}`],
    ...[({ refund }: Words) => `/search ${refund}`, ({ words }: Words) => `/search ${words}`],
    ...[({ tail }: Words) => `/search ·${tail}`, ({ handle }: Words) => `/search @${handle}`],
  ],
  import: [
    ({ account }) => `/import ${account} 2999998`,
    ({ appid }) => `/import ${appid} 2999998`,
    ({ number }) => `/import 甲家小程序 ${number}`,
  ],
  authorize: [
    ({ alipay }) => `/authorize ${alipay}`,
    ({ code }) => `/authorize ${code}`,
    ({ otherAccount }) => `/authorize ${otherAccount}`,
  ],
  link: [({ running }) => `/link ${running}`, ({ running }) => `/link ${running} off`],
  reveal: [({ running }) => `/reveal ${running}`],
  score: [() => '/score', ({ account }) => `/score ${account}`],
  violations: [() => '/violations', ({ appid }) => `/violations ${appid}`],
  test: [() => '/test', ({ channel }) => `/test ${channel}`, ({ recipient }) => `/test ${recipient}`],
  doctor: [() => '/doctor'],
  lang: [() => '/lang', () => '/lang zh-CN'],
  help: [() => '/help'],
  whoami: [() => '/whoami'],
  // Last: whoever binds is somebody else from then on.
  bind: [({ member }) => `/bind ${member}`, ({ room }) => `/bind ${room}`],
}

async function wordsOf({ storage }: Mirror, side: Side): Promise<Words> {
  const { at, mark, ids, tenant } = side
  const [member, room] = await storage.transaction(async (tx) => [
    await createBindCode(tx, { purpose: 'member', tenant, member: ids.spareMember as never }),
    await createBindCode(tx, { purpose: 'room', tenant, language: 'zh-CN' }),
  ])
  const { number: refund } = await storage.reads.db
    .selectFrom('refund')
    .select('number')
    .where('tenant', '=', tenant)
    .executeTakeFirstOrThrow()
  const { running, number, order, paidOrder, handle, appid, code, phone } = ids
  return {
    ...{ running, number, order, paidOrder, handle, appid, code, refund, tail: phone.slice(-4) },
    ...{ words: `${mark}的壶漏水`, person: only[at].name, account: `${mark}小程序`, alipay: `${mark}支付宝` },
    ...{ channel: `${mark}邮箱`, recipient: `${mark}老板`, template: `${mark}道歉`, rule: `${mark}规则` },
    ...{ member: member?.code ?? '', room: room?.code ?? '', otherAccount: `${mark}支付宝` },
  }
}

/** Nobody has ever been called so. */
const nobodys: Words = {
  ...{
    running: '9',
    number: '2999999',
    order: '4299999999999999999999999999',
    paidOrder: '4299999999999999999999999998',
  },
  ...{ refund: `rd${'a'.repeat(28)}`, words: '丙家的壶漏水', tail: '9999', handle: 'sun', person: '丙家老孙' },
  ...{
    account: '丙家小程序',
    appid: 'wx9999999999999999',
    alipay: '丙家支付宝',
    code: 'ZZZZZZZZZZ',
    channel: '丙家邮箱',
  },
  ...{ recipient: '丙家老板', template: '丙家道歉', rule: '丙家规则', member: 'ZZZZZZZZZY', room: 'ZZZZZZZZZX' },
  otherAccount: '丙家支付宝',
}

function takenBy(saying: (of: Words) => string): readonly (keyof Words)[] {
  const taken = new Set<keyof Words>()
  saying(
    new Proxy(nobodys, {
      get(target, name) {
        taken.add(name as keyof Words)
        return target[name as keyof Words]
      },
    }),
  )
  return [...taken]
}

/** Somebody who is here only, and somebody who is in both. */
const placesOf = (name: string): readonly (readonly [Person, string])[] =>
  name === 'bind'
    ? [
        [only.a, alone(only.a)],
        [both.chen, 'ops-3'],
      ]
    : [
        [only.a, group],
        [both.chen, alone(both.chen)],
      ]

/** Where a command does what it is for. */
const isFor = (name: string, one: keyof Words, where: string): boolean =>
  ['link', 'reveal'].includes(name) || one === 'member' ? where.startsWith('alone:') : !where.startsWith('alone:')

/** What a person reads, whichever name was said and whichever tokens the buttons have. */
const read = (answer: unknown, named: string): string =>
  JSON.stringify(answer)
    .replaceAll(named, '…')
    .replaceAll(named.toUpperCase(), '…')
    .replace(/"token":"[^"]*"/g, '"token"')

/** Every command, said with the other business's numbers, names and codes. */
async function said(w: Mirror): Promise<readonly string[]> {
  const { a, b } = w
  const [own, theirs] = [await wordsOf(w, a), await wordsOf(w, b)]
  const rows = await dumpOf(w.storage.reads, b.tenant)
  const posts = JSON.stringify(b.chat.posts)
  const strange = [b.mark, ...(await namesOf(w.storage.reads, b.tenant)), b.ids.phone]
  const wrong: string[] = []
  const shows = (what: string, answer: unknown, said: string) => {
    const seen = JSON.stringify(answer).replaceAll(said, '…')
    for (const name of strange) if (seen.includes(name)) wrong.push(`${what} shows ${name}: ${seen.slice(0, 300)}`)
  }
  const untouched = async (what: string) => {
    for (const table of differing(rows, await dumpOf(w.storage.reads, b.tenant), ['picture']))
      wrong.push(`${what} changed the other’s ${table}`)
    if (JSON.stringify(b.chat.posts) !== posts) wrong.push(`${what} was told to the other’s group`)
  }

  const heard: string[] = []
  for (const [name, all] of Object.entries(sayings)) {
    for (const saying of all)
      for (const [who, where] of placesOf(name)) {
        const speak = (of: Words) => waitedFor(w, a.chat.say(who, where, saying(of)))
        const taken = takenBy(saying)
        for (const one of taken) {
          const what = `${saying({ ...own, [one]: theirs[one] })} by ${who.name} in ${where}`
          const nowhere = read(await speak({ ...own, [one]: nobodys[one] }), nobodys[one])
          const answer = await speak({ ...own, [one]: theirs[one] })
          if (read(answer, theirs[one]) !== nowhere)
            wrong.push(`${what}: ${read(answer, theirs[one]).slice(0, 300)} instead of ${nowhere.slice(0, 300)}`)
          shows(what, answer, theirs[one])
          heard.push(what)
          // With one's own it is something else, where the answer comes at once: it was the name that was not there.
          if (!isFor(name, one, where) || (name === 'import' && one === 'number')) continue
          if (read(await speak(own), own[one]) === nowhere) wrong.push(`${saying(own)} in ${where}: ${nowhere}`)
        }
        // And that is one's own.
        if (name !== 'bind') shows(`${saying(own)} in ${where}`, await speak(own), '-')
      }
    await untouched(name)
  }
  await waitedFor(w, w.settle())
  await untouched('what followed')
  shows('what was told to one’s own groups', a.chat.posts, '-')
  expect(wrong).toEqual([])
  return heard
}

const strangers: readonly Person[] = [only.b, { id: '9999', name: '路人' }]

/** Buttons, posts and people of the other business are none of one's own. */
async function strange(w: Mirror): Promise<void> {
  const { a, b } = w
  const rows = await dumpOf(w.storage.reads, b.tenant)
  const buttons = await w.storage.reads.db
    .selectFrom('button')
    .select(['token', 'intent'])
    .where('tenant', '=', b.tenant)
    .execute()
  expect(new Set(buttons.map(({ intent }) => JSON.parse(intent).do)).size).toBeGreaterThan(4)
  const post = a.chat.posts.find(({ chat }) => chat === group)?.id ?? asPostId('p1')
  for (const where of [group, alone(both.chen)]) {
    const nobodysAnswer = await a.chat.press(both.chen, where, post, asButtonToken('A'.repeat(24)))
    expect(nobodysAnswer.toast).toBeTruthy()
    for (const { token } of buttons)
      expect(await a.chat.press(both.chen, where, post, asButtonToken(token))).toEqual(nobodysAnswer)
  }
  // Posts have the same ids in both chats: an answer to one is about one's own.
  for (const { id, chat } of b.chat.posts)
    if (chat === group)
      expect(JSON.stringify(await a.chat.say(both.chen, group, '/show', { replyTo: id }))).not.toContain(b.mark)
  // Whoever is in the other's business only is a stranger here.
  const [theirs, nobodys] = await Promise.all(strangers.map((who) => a.chat.say(who, group, '/list')))
  expect({ ...theirs, onlyFor: [] }).toEqual({ ...nobodys, onlyFor: [] })
  expect((await a.chat.say(only.b, alone(only.b), '/whoami')).text).not.toContain(b.mark)
  // And in both businesses one is who one is there.
  const [here, there] = [await a.chat.say(both.chen, group, '/list'), await b.chat.say(both.chen, group, '/list')]
  expect(JSON.stringify(here)).not.toEqual(JSON.stringify(there))
  expect((await a.chat.say(both.chen, group, '/whoami')).text).toContain(a.mark)
  expect((await b.chat.say(both.chen, group, '/whoami')).text).toContain(b.mark)
  await waitedFor(w, w.settle())
  expect(differing(rows, await dumpOf(w.storage.reads, b.tenant))).toEqual([])
}

test('nothing that is said or pressed in one business shows or changes anything of the other', {
  timeout: 120_000,
}, async () => {
  expect(Object.keys(sayings).sort()).toEqual(commands.map(({ name }) => name).sort())
  const w = await mirror()
  await strange(w)
  expect((await said(w)).length).toBeGreaterThan(90)
})
