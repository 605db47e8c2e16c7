import { expect, onTestFinished, test } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { armFailpoints } from '../../src/core/failpoint.ts'
import { group, people, type World, world } from '../support/world.ts'

const minute = 60_000
/** No two are the same. */
const photo = (number: number) => Buffer.concat([parcelPhoto(number), Buffer.from(String(number))])
const photos = [1, 2, 3, 4].map(photo)
const albums = (w: World) =>
  w.chat.posts.flatMap((post) => (post.say.pictures ? [post.say.pictures.map((picture) => picture.bytes)] : []))
const pictures = (w: World) => w.chat.card(group, '#1').card.lines.find(({ label }) => label === '图片')?.text
const labels = (w: World) => w.chat.card(group, '#1').card.buttons.map(({ label }) => label)

test("a customer's photos are fetched at once and shown below the card, three at most", async () => {
  const w = await world()
  await w.complain({ photos })
  expect(pictures(w)).toBe('4 张')
  expect(albums(w)).toHaveLength(1)
  const [album = []] = albums(w)
  expect(album).toHaveLength(3)
  for (const shown of album) expect(photos.some((photo) => photo.equals(shown))).toBe(true)
  expect(w.chat.posts.find((post) => post.say.pictures)?.say.about).toBe(w.chat.card(group, '#1').id)
})

test('a photo that the customer adds later is the one that is shown then', async () => {
  const w = await world()
  const { id } = await w.complain({ photos: [photo(1)] })
  w.clock.advance(5_000)
  const before = new Set(w.wechat.ledger().flatMap((entry) => entry.media?.map(({ sha256 }) => sha256) ?? []))
  await w.wechat.set(id, { status: 104 })
  const later = photo(2)
  const kept = await w.wechat.complain({ appid: w.program.appid, text: '另一单', photos: [later] })
  const added = kept.photos.filter((hash) => !before.has(hash))
  await w.wechat.move(id, { kind: 'user-evidence', content: '补一张', photos: added })
  await w.settle()
  const own = w.chat.posts.filter((post) => post.say.about === w.chat.card(group, '#1').id && post.say.pictures)
  expect(own.map((post) => post.say.pictures?.map(({ bytes }) => bytes.equals(later)))).toEqual([[false], [true]])
})

test('photos whose addresses have run out are fetched when somebody asks for them again', async () => {
  const w = await world()
  const trouble = w.wechat.misbehave({ on: 'cdn', how: 'http', status: 403, times: 1_000_000 })
  await w.complain({ photos: [photo(1)] })
  expect(pictures(w)).toMatch(/^0 张，另有 \d 张未能取到$/)
  expect(labels(w)).toContain('再取图片')
  expect(albums(w)).toEqual([])
  // Left alone after a few tries …
  await w.pass(120 * minute, minute)
  const tried = trouble.happened
  await w.pass(60 * minute, minute)
  expect(trouble.happened).toBe(tried)
  // … until a person wants them.
  trouble.stop()
  await w.chat.pressLabel(people.li, group, '#1', '再取图片')
  await w.settle()
  expect(pictures(w)).toMatch(/^\d 张$/)
  expect(labels(w)).not.toContain('再取图片')
  expect(albums(w)).toHaveLength(1)
})

test('a picture that fails keeps neither the complaint nor the other pictures back', async () => {
  const w = await world()
  w.wechat.misbehave({ on: 'cdn', how: 'http', status: 500 })
  await w.complain({ text: '有图', photos: [photo(1), photo(2)] })
  expect(w.chat.card(group, '#1').card.quote).toBe('有图')
  await w.pass(16 * minute, minute)
  expect(pictures(w)).toMatch(/^\d 张$/)
})

test('whoever wrote the complaint down died before its pictures were fetched: they come half a minute later', async () => {
  const w = await world()
  let deaths = 1
  armFailpoints((point) => {
    if (point === 'record.committed' && deaths-- > 0) throw new Error('died')
  })
  onTestFinished(() => armFailpoints(undefined))
  await w.complain({ photos: [photo(1)] })
  expect(pictures(w)).toBeUndefined()
  await w.pass(31_000, 1_000)
  expect(pictures(w)).toMatch(/^\d 张$/)
  const asked = w.wechat.calls().filter(({ on }) => on === 'detail').length
  // And nobody asks when they were fetched at once.
  await w.complain({ photos: [photo(2)] })
  await w.pass(31_000, 1_000)
  expect(w.wechat.calls().filter(({ on }) => on === 'detail').length).toBe(asked + 1)
})

test('all of them are behind Detail', async () => {
  const w = await world()
  await w.complain({ photos })
  const detail = await w.chat.pressLabel(people.li, group, '#1', '详情')
  expect(detail.pictures).toHaveLength(4)
})
