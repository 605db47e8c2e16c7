import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { commands } from '../../src/chat/commands.ts'
import { nearest, parse } from '../../src/chat/parse.ts'

/** `name|rest`; `?word|rest` when there is no such command. */
const read = (said: string) => {
  const spoken = parse(said)
  return spoken && `${spoken.command?.name ?? `?${spoken.word}`}|${spoken.rest}`
}

describe('what is said to us', () => {
  test.each([
    ['/list', 'list|'],
    ['/list open', 'list|open'],
    ['  /LIST  Open ', 'list|Open'],
    ['/list@OurBot', 'list|'],
    ['/list@Our2Bot mine', 'list|mine'],
    ['/show 128', 'show|128'],
    ['／同意 128 好的', 'agree|128 好的'],
    ['@Redress ／同意 128 好的', 'agree|128 好的'],
    ['＠Redress　／同意　128　好的', 'agree|128　好的'],
    ['@Redress\u2005/同意 128 好的', 'agree|128 好的'],
    ['@小王 @Redress /拒绝 5', 'refuse|5'],
    ['/同意128 好的', 'agree|128 好的'],
    ['/同意#128 好的', 'agree|#128 好的'],
    ['／同意＃１２８　好的', 'agree|＃１２８　好的'],
    ['/ 同意 128 好的', 'agree|128 好的'],
    ['／ｌｉｓｔ', 'list|'],
    ['/refuse 128 第一行\n第二行\n\n第三行', 'refuse|128 第一行\n第二行\n\n第三行'],
    ['/同意\n128 好的', 'agree|128 好的'],
    ['/agree 128   两个  空格', 'agree|128   两个  空格'],
    ['/bind ABCDE23456', 'bind|ABCDE23456'],
    ['/start', 'help|'],
    ['/nothing here', '?nothing|here'],
    ['/128', '?128|128'],
    ['/', '?|'],
    ['//', '?/|'],
  ])('%j', (said, means) => expect(read(said)).toBe(means))

  test.each(commands.flatMap(({ name, aliases }) => [name, ...aliases].map((word) => [word, name] as const)))(
    '/%s is %s, in any width',
    (word, name) => {
      const wide = [...word].map((letter) =>
        /[a-z]/.test(letter) ? String.fromCharCode(letter.charCodeAt(0) + 0xfee0) : letter,
      )
      for (const said of [
        `/${word}`,
        `／${word} 128`,
        `@bot /${word}`,
        `/${word}128`,
        `/${wide.join('')}`,
        `/${word.toUpperCase()}@Bot`,
      ])
        expect(parse(said)?.command?.name, said).toBe(name)
    },
  )
})

describe('talk that is not for us', () => {
  test.each([
    '',
    '你好',
    '同意',
    '已经发了 /list 你看看',
    '看 https://example.com/list',
    '1/2',
    '@小王',
    '@小王 你可以发 /同意 128 好的',
    '@小王 麻烦看一下 ／拒绝 5',
    'a@b.example /list',
    '第一行\n/同意 128',
  ])('%j', (said) => expect(parse(said)).toBeUndefined())
})

test('whatever begins with a slash is never the answer to a question', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('/', '／', ' /', '@Redress /', '\n／'),
      fc.string({ unit: 'grapheme' }),
      (slash, rest) => {
        expect(parse(slash + rest)).toBeDefined()
      },
    ),
  )
})

describe('the command that was probably meant', () => {
  test.each([
    ['lst', 'list'],
    ['lis', 'list'],
    ['shwo', 'show'],
    ['sho', 'show'],
    ['agre', 'agree'],
    ['evidense', 'evidence'],
    ['relaese', 'release'],
    ['同义', 'agree'],
    ['补凭', 'evidence'],
    ['补充证据', 'evidence'],
    ['xyzxyz', undefined],
    ['', undefined],
    ['roll', undefined],
  ])('%s: %s', (word, name) => expect(nearest(word)?.name).toBe(name))
})
