import sharp from 'sharp'
import type { Answer, Card } from '../../src/chat/chat.ts'
import type { Picture } from '../../src/core/picture.ts'
import { asPostId } from '../../src/core/words.ts'
import type { Person } from '../support/chat.ts'
import { group, people, type World, world } from '../support/world.ts'

export const { li, chen, wang, stranger } = people

/** A world with one complaint, #1, that waits for our answer; or for our evidence. */
export async function withComplaint(state: 'answer' | 'evidence' = 'answer', options = {}): Promise<World> {
  const w = await world(options)
  const complaint = await w.complain({ text: '衣服破了', amount: 1990 })
  if (state === 'evidence') {
    await w.wechat.set(complaint.id, { status: 106 })
    await w.settle()
    await readAgain(w)
  }
  return w
}

/** Somebody asks the platform how things stand. */
export async function readAgain(w: World): Promise<void> {
  await w.pass(16 * 60_000, 60_000)
}

export async function picture(type: 'png' | 'webp' | 'jpeg' = 'png', shade = 0): Promise<Picture> {
  const bytes = await sharp({ create: { width: 8, height: 8, channels: 3, background: { r: shade, g: 9, b: 9 } } })
    .toFormat(type)
    .toBuffer()
  return { type: `image/${type}`, bytes }
}

export const pictures = (count: number): Promise<Picture[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => picture('png', index * 20)))

/** The words that the person gets, wherever they stand. */
export const words = (answer: Answer): string =>
  answer.text ?? answer.toast ?? answer.ask?.prompt ?? answer.card?.title ?? ''

/** Presses a button of a card that came as an answer. */
export function pressOn(w: World, who: Person, card: Card | undefined, label: string, where = group): Promise<Answer> {
  const button = card?.buttons.find((one) => one.label === label)
  if (!button) throw new Error(`no button "${label}" on ${JSON.stringify(card)}`)
  return w.chat.press(who, where, asPostId('answer'), button.token)
}

export const cardId = (w: World, title = '#1') => w.chat.card(group, title).id
