import { expect, test } from 'vitest'
import { words } from '../chat/people.ts'
import { onEachDatabase } from '../support/databases.ts'
import { group, people, world } from '../support/world.ts'

onEachDatabase('characters that a database may not keep', (kind) => {
  test('a complaint with them comes all the same, and so does what a person writes', async () => {
    const w = await world({ kind })
    await w.complain({ text: '坏\0了，\ud83d快退' })
    const card = w.chat.card(group, '#1 ')
    expect(JSON.stringify(card.card)).toContain('坏\ufffd了')
    expect(words(await w.chat.say(people.li, group, '/note 1 打过\0电话'))).toMatch(/#1/)
    expect(words(await w.chat.say(people.li, group, '/search 打过'))).toContain('#1')
    expect(words(await w.chat.say(people.li, group, '/search \0'))).toMatch(/./)
  })
})
