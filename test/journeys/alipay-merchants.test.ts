import { describe, expect, test } from 'vitest'
import type { AccountId } from '../../src/core/words.ts'
import { createBot } from '../../src/storage/bots.ts'
import { bindIdentity, createMember } from '../../src/storage/members.ts'
import { createRoom } from '../../src/storage/rooms.ts'
import { findTenant } from '../../src/storage/tenants.ts'
import { pressOn, words } from '../chat/people.ts'
import type { PlayedApp } from '../support/alipay.ts'
import { type AlipayWorld, group, people, world } from '../support/world.ts'

const { chen, li } = people
const minute = 60_000
const hour = 60 * minute

const labels = (w: AlipayWorld, n = 1) => w.chat.card(group, `#${n} `).card.buttons.map(({ label }) => label)
const said = (w: AlipayWorld, where = group) => w.chat.texts(where).join('\n')
const quotes = (w: AlipayWorld, where = group) => w.chat.cards(where).map(({ quote }) => quote)
const answers = (w: AlipayWorld) => w.alipay.did('push').map(({ answer }) => answer)

function first(w: AlipayWorld) {
  const [[app], [merchant]] = [w.alipay.apps, w.alipay.merchants]
  if (!app || !merchant) throw new Error('nobody there')
  return { app, merchant }
}

async function replied(w: AlipayWorld, text: string): Promise<string> {
  const asked = await w.chat.pressLabel(li, group, '#1', labels(w).includes('Reply') ? 'Reply' : '回复')
  if (!asked.ask) return words(asked)
  const answer = await w.chat.say(li, group, text)
  await w.settle()
  return words(answer)
}

async function switched(w: AlipayWorld, what: 'account' | 'merchant', enabled: boolean): Promise<void> {
  const { tenant, account } = first(w).app
  const at = `/tenants/${tenant}/accounts/${account}`
  const { items } = await w.alipay.admin('GET', `${at}/merchants`)
  const [merchant] = items as readonly { readonly id: string }[]
  await w.alipay.admin('PATCH', what === 'account' ? at : `${at}/merchants/${merchant?.id}`, { enabled })
  await w.settle()
}

describe('a merchant takes its word back', () => {
  test.each([
    ['zh-CN', '⚠', '商家的授权已失效：请商家重新授权'],
    ['en', '⚠', 'the authorisation of this merchant has ended: let the merchant authorise the app again'],
  ] as const)(
    'and Alipay tells us: the group reads it, and what to do; nothing is done meanwhile (%s)',
    async (language, mark, why) => {
      const w = await world({ alipay: true, language })
      const { app, merchant } = first(w)
      const { id } = await w.alipay.trade()
      await w.alipay.sandbox.revoke(app.appId, merchant.pid)
      await w.settle()
      expect(said(w)).toContain(mark)
      expect(said(w)).toContain(`/authorize ${app.name}`)
      expect(said(w)).toContain(merchant.name)
      await replied(w, '今天发出')
      expect(said(w)).toContain(why)
      expect(w.alipay.deeds()).toEqual([])
      // It comes back, with another token.
      await w.alipay.authorise(app, merchant)
      await replied(w, '今天发出')
      expect(w.alipay.deeds()).toEqual(['reply 今天发出'])
      await w.alipay.sandbox.moveTrade(id, { kind: 'reply', text: '好' })
      await w.settle()
      expect(said(w)).toContain('好')
    },
  )

  test('and nobody tells us: the next act is refused in words, and the group is told once', async () => {
    const w = await world({ alipay: true })
    const { app, merchant } = first(w)
    await w.alipay.trade()
    await w.alipay.sandbox.revoke(app.appId, merchant.pid, { silent: true })
    await replied(w, '今天发出')
    expect(w.alipay.deeds()).toEqual([])
    expect(said(w)).toContain('#1 回复未成功 · 小李')
    expect(said(w)).toContain('商家的授权已失效：请商家重新授权')
    await w.pass(2 * hour, 5 * minute)
    expect(w.chat.texts(group).filter((text) => text.includes(`/authorize ${app.name}`))).toHaveLength(1)
  })

  test('and money stays where it is', async () => {
    const w = await world({ alipay: true })
    const { app, merchant } = first(w)
    await w.alipay.trade({ amount: 1990 })
    const offer = await w.chat.pressLabel(chen, group, '#1', '退款')
    await w.alipay.sandbox.revoke(app.appId, merchant.pid, { silent: true })
    await pressOn(w, chen, offer.card, '全额退 ¥19.90')
    await w.settle()
    await w.pass(5 * minute)
    expect(w.alipay.sandbox.money().map(({ returned, promised }) => [returned, promised])).toEqual([[0, 0]])
    expect(said(w)).toContain('商家的授权已失效')
    expect(words(await w.chat.pressLabel(chen, group, '#1', '退款'))).toContain('授权')
  })

  test('a message that claims so is asked about before it is believed', async () => {
    const w = await world({ alipay: true })
    const { app, merchant } = first(w)
    await w.alipay.trade()
    await w.alipay.sandbox.say(app.appId, {
      method: 'alipay.open.auth.appauth.cancelled',
      biz: { user_id: merchant.pid, auth_app_id: merchant.appId },
    })
    await w.settle()
    await w.pass(5 * minute, minute)
    expect(said(w)).not.toContain('/authorize')
    await replied(w, '今天发出')
    expect(w.alipay.deeds()).toEqual(['reply 今天发出'])
  })
})

describe.each(['account', 'merchant'] as const)('switched off: the %s', (what) => {
  test('nothing is posted, everything is kept, and shown when it is switched on', async () => {
    const w = await world({ alipay: true })
    await switched(w, what, false)
    await w.alipay.trade({ text: '一直不发货' })
    await w.alipay.risk({ text: '自动续费' })
    // A tenth of the pace.
    await w.pass(5 * hour, 10 * minute)
    expect(answers(w)).toEqual(['200 success'])
    expect(w.chat.posts).toEqual([])
    await switched(w, what, true)
    await w.pass(16 * minute, minute)
    expect(quotes(w).sort()).toEqual(['一直不发货', '自动续费'])
  })

  test('what hangs there already is not handled, not by a command either', async () => {
    const w = await world({ alipay: true })
    const { id } = await w.alipay.trade({ text: '一直不发货', amount: 1990 })
    const offer = await w.chat.pressLabel(chen, group, '#1', '退款')
    await switched(w, what, false)
    const posts = w.chat.posts.length
    await replied(w, '今天发出')
    await w.chat.say(li, group, '/reply 1 今天发出')
    await pressOn(w, chen, offer.card, '全额退 ¥19.90')
    await w.settle()
    await w.alipay.sandbox.moveTrade(id, { kind: 'reply', text: '还在吗' })
    await w.settle()
    await w.pass(hour, 10 * minute)
    expect(w.alipay.deeds()).toEqual([])
    expect(w.chat.posts.length).toBe(posts)
    await switched(w, what, true)
    await replied(w, '今天发出')
    expect(w.alipay.deeds()).toEqual(['reply 今天发出'])
  })
})

describe('two businesses with the same merchant', () => {
  /** Another business with its own app, group and 阿陈; the merchant has authorised that app too. */
  async function another(w: AlipayWorld): Promise<PlayedApp> {
    const made = await w.alipay.admin('POST', '/tenants', { handle: 'other', name: '别家' })
    const tenant = await findTenant(w.storage.reads, made.id as typeof w.tenant.id)
    if (!tenant) throw new Error('no tenant')
    await w.storage.transaction(async (tx) => {
      const bot = await createBot(tx, {
        ...{ tenant: tenant.id, kind: 'browser', name: 'B', enabled: true, settings: {}, secrets: {} },
      })
      const member = await createMember(tx, {
        tenant: tenant.id,
        handle: 'chen',
        name: '阿陈',
        role: 'admin',
        enabled: true,
      })
      if (!bot || !member) throw new Error('no bot')
      await bindIdentity(tx, member, { realm: `browser:${bot.id}`, user: chen.id })
      const room = { tenant: tenant.id, bot: bot.id, chat: elsewhere, topic: '', alone: false, title: '别家' }
      await createRoom(tx, { ...room, language: 'zh-CN' })
    })
    await w.app.bots.refresh()
    const app = await w.alipay.join(tenant, 'key', '别家支付宝')
    await w.alipay.authorise(app, first(w).merchant)
    return app
  }
  const elsewhere = 'elsewhere'
  const heldBy = (w: AlipayWorld, account: AccountId) =>
    w.storage.reads.db.selectFrom('complaint').select(['tenant', 'number']).where('account', '=', account).execute()

  test('each is told by its own app, and neither sees what the other has', async () => {
    const w = await world({ alipay: true })
    const { app, merchant } = first(w)
    await w.alipay.trade({ text: '先来的' })
    const other = await another(w)
    const { id } = await w.alipay.trade({ text: '两家都有' })
    await w.alipay.risk({ text: '两家都问到' })
    await w.pass(16 * minute, minute)
    expect([...new Set(quotes(w))].sort()).toEqual(['两家都有', '两家都问到', '先来的'])
    // What was complained of lately is asked for at once, by whoever comes new.
    expect([...new Set(quotes(w, elsewhere))].sort()).toEqual(['两家都有', '两家都问到', '先来的'])
    for (const { account, tenant } of [app, other]) {
      const held = await heldBy(w, account)
      expect([held.length, new Set(held.map((one) => one.tenant))]).toEqual([3, new Set([tenant])])
    }
    // Each acts with its own token, and is told what the platform tells everybody, not who did it.
    await w.chat.say(chen, elsewhere, `/reply ${await runningOf(w, other.account, id)} 别家说的`)
    await w.settle()
    expect(w.alipay.deeds()).toEqual(['reply 别家说的'])
    const [reply] = w.alipay.sandbox.calls().filter(({ on }) => on.endsWith('reply.submit'))
    expect([reply?.appId, reply?.pid]).toEqual([other.appId, merchant.pid])
    expect(said(w, elsewhere)).toContain('回复已提交 · 阿陈')
    expect(said(w)).not.toContain('阿陈')
    // One takes its word back from one of them.
    await w.alipay.sandbox.revoke(other.appId, merchant.pid)
    await w.settle()
    expect([said(w).includes('/authorize'), said(w, elsewhere).includes('/authorize')]).toEqual([false, true])
  })

  test('an app of one business is none of the other’s', async () => {
    const w = await world({ alipay: true })
    await another(w)
    const { appId, mode } = first(w).app
    const body = { platform: 'alipay', outsideId: appId, name: '偷', settings: { mode }, secrets: {} }
    await expect(w.alipay.admin('POST', '/tenants/other/accounts', body)).rejects.toThrow(/4\d\d/)
    const { account } = first(w).app
    await expect(w.alipay.admin('GET', `/tenants/other/accounts/${account}/merchants`)).rejects.toThrow('404')
  })

  test('the same trade is given back once, whoever of them presses', async () => {
    const w = await world({ alipay: true })
    await w.alipay.trade({ text: '退我钱', amount: 1990 })
    const offer = await w.chat.pressLabel(chen, group, '#1', '退款')
    await pressOn(w, chen, offer.card, '全额退 ¥19.90')
    await w.settle()
    const other = await another(w)
    await w.pass(16 * minute, minute)
    expect(await heldBy(w, other.account)).toHaveLength(1)
    const again = await w.chat.say(chen, elsewhere, '/refund 1 all')
    if (again.card?.buttons.some(({ label }) => label.includes('确认退款')))
      await pressOn(w, chen, again.card, again.card.buttons[0]?.label ?? '', elsewhere)
    await w.settle()
    await w.pass(5 * minute)
    expect(w.alipay.sandbox.money().map(({ returned }) => returned)).toEqual([1990])
    expect(w.alipay.did('refund')).toHaveLength(1)
  })

  async function runningOf(w: AlipayWorld, account: AccountId, number: string): Promise<number> {
    const { running } = await w.storage.reads.db
      .selectFrom('complaint')
      .select('running')
      .where('account', '=', account)
      .where('number', '=', number)
      .executeTakeFirstOrThrow()
    return running
  }
})
