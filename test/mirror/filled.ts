import { parcelPhoto } from '../../sandbox/parcel.ts'
import { Secret } from '../../src/core/seal.ts'
import { type AccountId, asId, asPictureHash, fen, instant, later, type TenantId } from '../../src/core/words.ts'
import { findAction } from '../../src/storage/actions.ts'
import { insertAlarm, setRaised } from '../../src/storage/alarms.ts'
import { keepWaiting } from '../../src/storage/authorizations.ts'
import { setBreakerMost, tripBreaker } from '../../src/storage/breakers.ts'
import { revokeLinks } from '../../src/storage/case-links.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { insertDeliveries, settleDeliveries, waitingFor } from '../../src/storage/deliveries.ts'
import { takeDigest } from '../../src/storage/digests.ts'
import { keepEarlyReport } from '../../src/storage/dispatches.ts'
import { insertNotice } from '../../src/storage/notices.ts'
import { keepOffer } from '../../src/storage/offers.ts'
import { keepUpload, stagePictures } from '../../src/storage/pictures.ts'
import { keepRuleRefund } from '../../src/storage/rule-refunds.ts'
import { insertRuling } from '../../src/storage/rulings.ts'
import type { Tx } from '../../src/storage/storage.ts'
import { insertWanted } from '../../src/storage/wanted.ts'
import { setWatch } from '../../src/storage/watch.ts'
import { alone } from '../support/chat.ts'
import { both, type Empty, group, type Make, only, sharedOrder, sharedPhone } from './side.ts'
import type { Bare } from './world.ts'

type Known = Readonly<Record<string, string>>
interface Filling extends Empty {
  readonly known: Known
}

const photos = { a: parcelPhoto(1), b: parcelPhoto(2), shared: parcelPhoto(3) } as const

/** Complaints, what was done about them, and what goes by itself: until every table has a row of it. */
export async function fill(w: Bare, make: Make, side: Filling): Promise<Known> {
  await make('POST', `/tenants/${side.tenant}/accounts/${side.known.pay}/address`)
  const said = await complaints(w, side)
  const kept = await repliesAndRules(make, side)
  const acts = await actions(w, make, side)
  await conversation(w, side)
  const letters = await behindTheScenes(w, { ...side, known: { ...side.known, ...kept } })
  const more = await keysAndCodes(w, make, side)
  return { ...said, ...kept, ...acts, ...letters, ...more, ...(await cursors(make, side)) }
}

/** The first two have the same number, order and customer in both businesses; the others are one's own. */
async function complaints(w: Bare, { at, mark, shop }: Filling): Promise<Known> {
  const { appid } = shop.program
  const complain = async (more: object) => {
    const made = await w.outside.wechat.complain({ appid, phone: sharedPhone, openid: 'oShared', ...more })
    await w.settle()
    return made
  }
  const photo = { photos: [photos.shared, photos[at]] }
  const first = await complain({ text: `${mark}的杯子碎了`, transactionId: sharedOrder, amount: 5000, ...photo })
  const numbered = (nr: number) => `42000000000000000000000000${at === 'a' ? '3' : '4'}${nr}`
  const [refunded, own] = [numbered(2), numbered(3)]
  // An order is one merchant's at WeChat Pay: what is really given back is one's own.
  await w.outside.pay.order({ mchid: shop.mchid, transactionId: refunded, total: 4000 })
  await complain({ text: `${mark}的盖子也碎了`, transactionId: refunded, amount: 4000 })
  const phone = at === 'a' ? '13911110001' : '13922220002'
  await w.outside.pay.order({ mchid: shop.mchid, transactionId: own, total: 3000 })
  await complain({ text: `${mark}的壶漏水`, transactionId: own, amount: 3000, phone })
  const { mchid } = shop
  const paid = await w.outside.pay.complain({ mchid, type: 'REFUND', text: `${mark}的勺子断了`, amount: 2000 })
  await w.settle()
  // One more: a number that the other has not.
  if (at === 'b') await complain({ text: `${mark}的碗裂了`, phone })
  const [paidOrder = ''] = paid.orders.map(({ transactionId }) => transactionId)
  return { number: String(first.id), running: at === 'a' ? '3' : '5', order: own, paidOrder, phone }
}

async function repliesAndRules(make: Make, { tenant, mark, at }: Filling): Promise<Known> {
  const below = `/tenants/${tenant}`
  const template = await make('POST', `${below}/templates`, { name: `${mark}道歉`, text: `${mark}向您道歉` })
  const spare = await make('POST', `${below}/templates`, { name: `${mark}备用`, text: `${mark}备用的话` })
  const picture = await make('POST', `${below}/pictures`, { base64: photos[at].toString('base64') })
  const rule = (name: string, act: object) => make('POST', `${below}/rules`, { name: mark + name, act })
  const first = await rule('规则', { kind: 'respond', stance: 'talk', template: template.id })
  const other = await rule('备用规则', { kind: 'note', text: `${mark}留意` })
  await make('PATCH', `${below}`, { reminding: { hours: [2, 6] }, refundEach: 100_000 })
  return {
    ...{ template: template.id, spareTemplate: spare.id, picture: picture.hash },
    ...{ rule: first.id, spareRule: other.id },
  }
}

async function actions(w: Bare, make: Make, { tenant, mark, known }: Filling): Promise<Known> {
  const at = `/tenants/${tenant}/complaints`
  const note = { 'idempotency-key': `${mark === '甲家' ? 'jia' : 'yi'}-refund` }
  const refund = await make('POST', `${at}/2/actions`, { kind: 'refund', amount: 100, confirm: { amount: 100 } }, note)
  const waiting = await make('POST', `${at}/1/actions`, { kind: 'respond', stance: 'agree', text: `${mark}在查` })
  await make('POST', `${at}/1/actions`, { kind: 'note', text: `${mark}内部备注` })
  await make('POST', `${at}/1/actions`, { kind: 'assign', member: known.member })
  await w.settle()
  const done = await findAction(w.storage.reads, asId(refund.id))
  if (done?.state !== 'underway' && done?.state !== 'done') throw new Error(`the refund is ${done?.state}`)
  // One that has not gone out: what was asked for while nothing is carried out.
  await w.storage.transaction((tx) => putBack(tx, waiting.id))
  return { action: refund.id, waitingAction: waiting.id }
}

const putBack = (tx: Tx, id: string) =>
  tx.db
    .updateTable('action')
    .set({ state: 'requested', sent_at: null, called_at: null, settled_at: null })
    .where('id', '=', id)
    .execute()

/** Words said, buttons pressed, pictures laid ready, links given out. */
async function conversation(w: Bare, { chat, tenant, at, mark, known }: Filling): Promise<void> {
  const { reads } = w.storage
  const third = await findRunning(reads, tenant, 3)
  if (!third) throw new Error('no #3')
  await w.storage.transaction((tx) => revokeLinks(tx, tenant, third.id))
  await chat.say(only[at], alone(only[at]), '/link 1')
  await chat.pressLabel(both.li, group, '#1 ', '详情')
  const asked = await chat.pressLabel(both.li, group, '#3 ', '拒绝和解')
  if (!asked.ask) throw new Error(`nothing was asked: ${JSON.stringify(asked)}`)
  const [room, member] = [asId<'room'>(known.room ?? ''), asId<'member'>(known.member ?? '')]
  const picture = { type: 'image/jpeg', bytes: Buffer.concat([photos[at], Buffer.from(mark)]) } as const
  await w.storage.transaction(async (tx) => {
    await stagePictures(tx, { room, member, complaint: third.id }, [picture])
    await keepOffer(tx, { tenant, complaint: third.id, room }, [picture])
  })
  await w.settle()
}

/** What the clock and the platforms bring about on another day. */
async function behindTheScenes(w: Bare, { tenant, mark, known }: Filling): Promise<Known> {
  const of = { tenant, account: asId<'account'>(known.account ?? '') }
  const first = await findRunning(w.storage.reads, tenant, 1)
  if (!first) throw new Error('no #1')
  const { id: complaint } = first
  const now = instant(w.clock.now())
  const letters = await w.storage.transaction(async (tx) => {
    const alarm = await insertAlarm(tx, { ...of, dispute: { outTradeNo: 'shared-1', product: `${mark}杯子` } })
    if (alarm) await setRaised(tx, alarm)
    await insertWanted(tx, { ...of, number: '77', room: asId(known.room ?? '') })
    await takeDigest(tx, tenant, '2026-02-28')
    await setBreakerMost(tx, tenant, 20)
    await tripBreaker(tx, tenant, { count: 30, most: 20 })
    const rule = asId<'rule'>(known.rule ?? '')
    const about = { tenant, complaint, rule, version: 1, position: 1, name: `${mark}规则`, nr: 1 }
    const ruling = await insertRuling(tx, {
      ...{ ...about, act: 'refund', amount: fen(700), due: later(now, 7 * 86_400_000), state: 'waiting' },
    })
    if (!ruling) throw new Error('no ruling')
    const money = { ruling: ruling.id, order: sharedOrder, tenant, rule, payer: first.payer ?? '', amount: fen(700) }
    await keepRuleRefund(tx, money)
    await keepWaiting(tx, asId<'account'>(known.alipay ?? ''), waiting(mark, '1'))
    await setWatch(tx, of.account, 'orders', `${mark}不可查`)
    await keepEarlyReport(
      tx,
      { channel: asId(known.channel ?? ''), reference: 'shared' },
      { delivered: true, off: false },
    )
    await keepUpload(tx, of.account, asPictureHash(known.picture ?? ''), { id: mark, until: later(now, 86_400_000) })
    return dead(tx, { tenant, mark, known })
  })
  await w.storage.transaction(parked(of))
  return letters
}

const waiting = (mark: string, nr: string) => ({
  outsideId: `20880000000007${mark === '甲家' ? '1' : '2'}${nr}`,
  token: new Secret(`${mark}令牌`),
})

/** Two letters that reached nobody. */
async function dead(tx: Tx, { tenant, mark, known }: Pick<Filling, 'tenant' | 'mark' | 'known'>): Promise<Known> {
  const destination = `email:${known.channel}/${known.recipient}`
  const ids: string[] = []
  for (const nr of [1, 2]) {
    const notice = await insertNotice(tx, { tenant, notice: { kind: 'unheard', dispute: { product: `${mark}${nr}` } } })
    await insertDeliveries(tx, { tenant, notice }, [destination])
    const [delivery] = (await waitingFor(tx, destination, 50)).filter((one) => one.notice === notice)
    if (!delivery) throw new Error('no delivery')
    await settleDeliveries(tx, [delivery.id], { state: 'dead', error: `${mark}退信` })
    ids.push(delivery.id)
  }
  const [deadLetter = '', otherLetter = ''] = ids
  return { deadLetter, otherLetter }
}

/** One of its callbacks of which nothing could be made. */
const parked =
  ({ tenant, account }: { readonly tenant: TenantId; readonly account: AccountId }) =>
  async (tx: Tx) => {
    const callback = await tx.db
      .selectFrom('callback')
      .select('id')
      .where('tenant', '=', tenant)
      .where('account', '=', account)
      .orderBy('id')
      .limit(1)
      .executeTakeFirstOrThrow()
    await tx.db.updateTable('callback').set({ state: 'parked' }).where('id', '=', callback.id).execute()
  }

async function keysAndCodes(w: Bare, make: Make, { tenant, mark, known }: Filling): Promise<Known> {
  const below = `/tenants/${tenant}`
  const key = async (name: string) => (await make('POST', `${below}/keys`, { name: mark + name })).id as string
  await make('GET', `${below}/accounts/${known.account}/score?now=true`)
  await make('POST', `${below}/accounts/${known.alipay}/authorization-links`)
  await make('POST', `${below}/channels/${known.official}/bind-requests`, { label: `${mark}新来的` })
  await make('POST', `${below}/channels/${known.channel}/test`, {})
  await make('POST', `${below}/members/${known.spareMember}/bind-code`)
  const { items } = await make('GET', `${below}/callbacks/parked`)
  const { code } = await w.storage.transaction((tx) =>
    keepWaiting(tx, asId<'account'>(known.alipay ?? ''), waiting(mark, '9')),
  )
  await w.settle()
  return {
    ...{ key: await key('钥匙'), rotated: await key('换的'), revoked: await key('收的') },
    ...{ callback: items[0].id, code, outsideId: waiting(mark, '1').outsideId },
  }
}

async function cursors(make: Make, { tenant }: Filling): Promise<Known> {
  const next = async (path: string) => {
    const page = await make('GET', `/tenants/${tenant}${path}?limit=1`)
    if (typeof page.next !== 'string') throw new Error(`${path} has one page only`)
    return page.next as string
  }
  return {
    complaintsCursor: await next('/complaints'),
    factsCursor: await next('/complaints/1/facts'),
    lettersCursor: await next('/dead-letters'),
    auditCursor: await next('/audit'),
    link: await ownLink(make, tenant),
  }
}

async function ownLink(make: Make, tenant: string): Promise<string> {
  const { items } = await make('GET', `/tenants/${tenant}/complaints/1/links`)
  return items.find(({ kind }: { readonly kind: string }) => kind === 'member').id
}
