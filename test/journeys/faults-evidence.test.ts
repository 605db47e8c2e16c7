import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { group, people, type World, world } from '../support/world.ts'

const photos = [parcelPhoto(11), parcelPhoto(12)]
const pictures = photos.map((bytes) => ({ type: 'image/png', bytes }) as const)
const hashes = photos.map((bytes) => createHash('sha256').update(bytes).digest('hex'))
const words = '物流签收记录与聊天记录见附图。'

/** The customer has turned to the platform, and the platform asks the merchant for evidence. */
async function asked(w: World): Promise<number> {
  const { id } = await w.complain()
  await w.chat.say(people.li, group, '/refuse 1 已按约定发货')
  await w.settle()
  await w.wechat.move(id, { kind: 'ask-platform', content: '商家不讲理' })
  await w.wechat.move(id, { kind: 'ask-evidence', of: 'merchant' })
  await w.settle()
  return id
}

async function testifies(w: World): Promise<void> {
  await w.chat.pressLabel(people.li, group, '#1', '补充凭证')
  const preview = await w.chat.say(people.li, group, words, { pictures })
  const confirm = preview.card?.buttons.find(({ label }) => label === '确认提交')
  if (!confirm) throw new Error('nothing to confirm')
  await w.chat.press(people.li, group, w.chat.card(group, '#1').id, confirm.token)
  await w.settle()
}

const evidence = (w: World) =>
  w.wechat
    .ledger()
    .filter(({ by, what }) => by === 'merchant' && what === 'evidence')
    .map(({ text, media }) => ({ text, pictures: media?.map(({ sha256 }) => sha256) }))

test('evidence arrives with its words and its very pictures, and moves the case on', async () => {
  const w = await world()
  const id = await asked(w)
  expect(w.chat.card(group, '#1').card.buttons.map(({ label }) => label)).toEqual(['补充凭证', '认领', '详情'])
  await testifies(w)
  expect(evidence(w)).toEqual([{ text: words, pictures: expect.arrayContaining(hashes) }])
  expect(evidence(w)[0]?.pictures).toHaveLength(2)
  expect(w.wechat.complaint(id)?.status).toBe(107)
  expect(w.chat.card(group, '#1').card.note).toContain('补充凭证已提交 · 小李')
})

test('the answer to the evidence gets lost: it is not sent again', async () => {
  const w = await world()
  const id = await asked(w)
  w.wechat.misbehave({ on: 'evidence', how: 'lost-answer' })
  await testifies(w)
  // The platform would take it a second time.
  await w.wechat.set(id, { status: 106, push: false })
  await w.pass(180_000, 5_000)
  expect(evidence(w)).toHaveLength(1)
  expect(w.chat.card(group, '#1').card.note).toContain('补充凭证已提交 · 小李')
})

test('the platform has forgotten the uploaded pictures: they are uploaded anew, and the evidence is given once', async () => {
  const w = await world()
  await asked(w)
  w.wechat.misbehave({ on: 'evidence', how: 'errcode', errcode: 40007 })
  await testifies(w)
  expect(evidence(w)).toHaveLength(1)
  expect(w.wechat.calls().filter(({ on }) => on === 'upload')).toHaveLength(4)
})

test('an upload that fails for a while holds the evidence back, and nothing goes without its pictures', async () => {
  const w = await world()
  await asked(w)
  w.wechat.misbehave({ on: 'upload', how: 'http', status: 502, times: 3 })
  await testifies(w)
  expect(evidence(w)).toEqual([])
  await w.pass(300_000, 5_000)
  expect(evidence(w)).toEqual([{ text: words, pictures: expect.arrayContaining(hashes) }])
})

test('a confirm that is pressed twice gives the evidence once', async () => {
  const w = await world()
  await asked(w)
  await w.chat.pressLabel(people.li, group, '#1', '补充凭证')
  const preview = await w.chat.say(people.li, group, words, { pictures })
  const token = preview.card?.buttons[0]?.token
  if (!token) throw new Error('nothing to confirm')
  const press = () => w.chat.press(people.li, group, w.chat.card(group, '#1').id, token)
  await Promise.all([press(), press()])
  await w.settle()
  expect((await press()).toast).toBe('已经提交过了：补充凭证 · 小李')
  await w.settle()
  expect(evidence(w)).toHaveLength(1)
})
