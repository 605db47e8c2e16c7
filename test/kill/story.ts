import { expect } from 'vitest'
import { parcelPhoto } from '../../sandbox/parcel.ts'
import { pictureHash } from '../../src/core/picture.ts'
import type { KillWorld } from '../support/kill-world.ts'
import { keeper, tokenOf } from './person.ts'

/** One complaint from its first push to its end, with everything that we may do to it on the way. */
export interface Story {
  readonly id: number
  readonly quote: string
  readonly proof: Buffer
}

const agreement = '抱歉，马上为您处理'
const testimony = '签收记录见图'
let told = 0
/** No two are the same. */
const photo = (number: number) => Buffer.concat([parcelPhoto(number), Buffer.from(String(number))])

export async function complain(w: KillWorld, quote: string): Promise<Story> {
  told += 1
  const { id } = await w.wechat.complain({ appid: w.program.appid, text: quote, photos: [photo(2 * told)] })
  return { id, quote, proof: photo(2 * told + 1) }
}

export async function agree(w: KillWorld, { quote }: Story): Promise<void> {
  await keeper(w.chat).does(quote, { button: '同意和解', words: agreement, done: /同意和解已提交/ })
}

/** The platform asks for evidence, gets it, and closes the case. */
export async function testify(w: KillWorld, { id, quote, proof }: Story): Promise<void> {
  const li = keeper(w.chat)
  await w.wechat.set(id, { status: 106 })
  const picture = { type: 'image/png', bytes: proof } as const
  await li.does(quote, { button: '补充凭证', words: testimony, picture, done: /补充凭证已提交/ })
  await w.wechat.set(id, { status: 205 })
  await li.sees(
    quote,
    (card) => card.tone === 'settled' && card.lines.some(({ text }) => /^\d 张$/.test(text)),
    'ended',
  )
}

/** Only the platform and the chat are asked what happened: each wish once, one card, one more for every death. */
export function verdict(w: KillWorld, { id, quote, proof }: Story, deaths: number): void {
  const effects = w.effects(id).map(({ what, choice, text, media }) => ({
    what,
    choice,
    text,
    pictures: media?.map(({ sha256 }) => sha256),
  }))
  expect(effects).toEqual([
    { what: 'respond', choice: 'agree', text: agreement, pictures: [] },
    { what: 'evidence', choice: undefined, text: testimony, pictures: [pictureHash(proof)] },
  ])
  const cards = w.chat.posts.flatMap(({ first }) => (first.card?.quote === quote ? [first.card] : []))
  expect(cards.length).toBeLessThanOrEqual(1 + deaths)
  expect(new Set(cards.map((card) => tokenOf(card, '同意和解'))).size).toBe(1)
  const lines = w.chat.posts
    .flatMap(({ first }) => first.text?.split('\n') ?? [])
    .filter((line) => line.includes('已提交'))
  const number = /#\d+ /.exec(w.chat.card(quote)?.title ?? '')?.[0] ?? '?'
  for (const act of ['同意和解', '补充凭证']) {
    const said = lines.filter((line) => line.startsWith(`${number}${act}`)).length
    expect(said, `${act} was said`).toBeGreaterThan(0)
    expect(said).toBeLessThanOrEqual(1 + deaths)
  }
  expect(w.integrity()).toEqual(['ok'])
}
