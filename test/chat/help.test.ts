import { describe, expect, test } from 'vitest'
import { commands } from '../../src/chat/commands.ts'
import { alone } from '../support/chat.ts'
import { group, world } from '../support/world.ts'
import { li, stranger, words } from './people.ts'

const refund = '/refund 128 12.50 …（退款、退钱，'

describe('/help', () => {
  test.each(['refund', '/refund', '退款', '／退钱', 'REFUND', 'ｒｅｆｕｎｄ', 'refnd', 'refund 128'])(
    '%s: that command alone, with every name it has',
    async (said) => {
      const w = await world()
      const answer = await w.chat.say(li, group, `/help ${said}`)
      expect(answer.onlyFor).toEqual([li.id])
      expect([words(answer).startsWith(refund), words(answer).split('\n').length]).toEqual([true, 1])
    },
  )
  test('each command is found by each of its names', async () => {
    const w = await world()
    for (const { name, aliases, example } of commands)
      for (const word of [name, ...aliases])
        expect([word, words(await w.chat.say(li, group, `/帮助 ${word}`)).startsWith(example)]).toEqual([word, true])
  })
  test.each(['', ' 彗星', ' 128', ' zzzzzzzz'])('"/help%s": all of them', async (said) => {
    const w = await world()
    const lines = words(await w.chat.say(li, group, `/help${said}`)).split('\n')
    expect(lines.length).toBe(commands.length + 1)
    for (const { example } of commands) expect(lines.some((line) => line.startsWith(example))).toBe(true)
  })
  test('in English', async () => {
    const w = await world({ language: 'en' })
    const said = words(await w.chat.say(li, group, '/help find'))
    expect([said.startsWith('/search … ('), said.split('\n').length]).toEqual([true, 1])
  })
  test('somebody who is not bound may ask too', async () => {
    const w = await world()
    expect(words(await w.chat.say(stranger, alone(stranger), '/help 绑定'))).toContain('/bind ABCDE23456')
  })
})
