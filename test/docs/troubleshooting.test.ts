import { describe, expect, test } from 'vitest'
import { documentAt, isSaid, programLines, quotedIn } from './quoted.ts'

const lines = programLines()
const heads = ['says', '提示', 'doctor says']
const both = ['troubleshooting.md', 'troubleshooting.zh-CN.md']

describe.each([...both, 'platforms/wechat-mini.md', 'platforms/wechat-pay.md', 'platforms/alipay.md'])(
  'docs/%s',
  (path) => {
    const quoted = quotedIn(documentAt(path), heads)

    test('quotes something', () => expect(quoted.length).toBeGreaterThan(2))

    test('quotes nothing that the program does not say', () => {
      expect(quoted.filter((each) => !isSaid(each, lines))).toEqual([])
    })
  },
)

test('both languages of the troubleshooting quote the same', () => {
  const [en, zh] = both.map((path) => quotedIn(documentAt(path), heads))
  expect(zh).toEqual(en)
})

test('a text that is gone is found out', () => {
  const text = ['# A', '', '| says | x |', '|---|---|', '| `there is no … here` · `gone` | x |', '', '| other | x |']
    .concat('|---|---|', '| `not looked at` | x |')
    .join('\n')
  expect(quotedIn(text, heads)).toEqual(['there is no … here', 'gone'])
  const program = ["  'there is no {word} here',"]
  expect(isSaid('there is no … here', program)).toBe(true)
  expect(isSaid('there is some … here', program)).toBe(false)
  expect(isSaid('gone', program)).toBe(false)
})
