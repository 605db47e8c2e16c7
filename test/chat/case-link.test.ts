import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cardJson } from '../../bots/browser/render.ts'
import { keyboard } from '../../bots/telegram/render.ts'
import { templateCard } from '../../bots/wecom/card.ts'
import { markdown } from '../../bots/wecom-webhook/render.ts'
import { memberToken, readToken, roomToken } from '../../src/chat/case-link.ts'
import type { Card } from '../../src/chat/chat.ts'
import { createSealer } from '../../src/core/seal.ts'
import { newId } from '../../src/core/words.ts'

const sealer = createSealer(randomBytes(32), randomBytes)
const of = {
  complaint: newId('complaint', randomBytes, 1_700_000_000_000),
  room: newId('room', randomBytes, 1_700_000_000_000),
  generation: 40,
}

test('a token is read back as it was made', () => {
  expect(readToken(sealer, roomToken(sealer, of))).toEqual({ of: 'room', ...of })
  const { token, secret } = memberToken(sealer, randomBytes)
  expect(readToken(sealer, token)).toEqual({ of: 'member', secret })
  // The same card carries the same link.
  expect(roomToken(sealer, of)).toBe(roomToken(sealer, of))
})

test('under another key, or signed for something else, it is nothing', () => {
  const token = roomToken(sealer, of)
  expect(readToken(createSealer(randomBytes(32), randomBytes), token)).toBeUndefined()
  const words = token.slice(0, token.lastIndexOf('.'))
  expect(readToken(sealer, `${words}.${sealer.sign('case nonce', words)}`)).toBeUndefined()
})

test('changed in any place it is nothing', () => {
  const token = roomToken(sealer, of)
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.constantFrom(...'abcXYZ019._-'), (at, letter) => {
      const changed = token.slice(0, at) + letter + token.slice(at + 1)
      if (changed !== token) expect(readToken(sealer, changed)).toBeUndefined()
    }),
    { numRuns: 500 },
  )
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (any) => readToken(sealer, any) === undefined))
})

test('every chat leads there in its own way', () => {
  const link = { label: '打开处理页', url: 'https://redress.example/case/a_b.c-d.0.x_y' }
  const card: Card = { title: '#1 小店', tone: 'calm', lines: [], buttons: [], link }
  expect(keyboard([], true, link)).toEqual({ inline_keyboard: [[{ text: '打开处理页', url: link.url }]] })
  expect(templateCard(card, { taskId: 't', source: 'Redress' }).card_action).toEqual({ type: 1, url: link.url })
  expect(markdown({ card })).toContain(`[打开处理页](${link.url})`)
  expect(cardJson(card).link).toEqual(link)
  const { link: _, ...without } = card
  expect(templateCard(without, { taskId: 't', source: 'Redress' })).not.toHaveProperty('card_action')
  expect(markdown({ card: without })).not.toContain('](')
})
