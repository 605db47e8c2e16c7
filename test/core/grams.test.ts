import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gramsOf, holdsAll, wordsOf } from '../../src/core/grams.ts'

describe('words', () => {
  test.each<[string, readonly string[]]>([
    ['碎了', ['碎了']],
    ['ＯＫ，碎了！ok', ['ok', '碎了']],
    ['iPhone１５-Pro', ['iphone15', 'pro']],
    ['订单：T2024_7。', ['订单', 't2024', '7']],
    ['ｶﾞﾗｽ ①', ['ガラス', '1']],
    ['🔥 … —', []],
    ['', []],
  ])('%j are %j', (text, words) => expect(wordsOf(text)).toEqual(words))
})

describe('grams', () => {
  test.each<[readonly string[], readonly string[]]>([
    [['保温杯碎了'], ['保温', '温杯', '杯碎', '碎了']],
    [['碎了，碎了'], ['碎了']],
    [['碎', '了'], []],
    [['买了iPhone'], ['买了', '了i', 'ip', 'ph', 'ho', 'on', 'ne']],
    [
      ['哈哈哈', '保温'],
      ['哈哈', '保温'],
    ],
    // Outside the first plane a character is two units of text.
    [['𠮷野家'], ['𠮷野', '野家']],
  ])('of %j are %j', (texts, grams) => expect(gramsOf(texts)).toEqual(grams))

  test('no more than asked for, the first ones', () => {
    expect(gramsOf(['一二三四五', '六七'], 3)).toEqual(['一二', '二三', '三四'])
    expect(gramsOf(['一二', '三四'], 0)).toEqual([])
  })

  const text = fc
    .array(fc.constantFrom(...'碎了退款aＢ1，杯 ß𠮷'), { minLength: 10, maxLength: 30 })
    .map((parts) => parts.join(''))
  test('whatever a text holds, its pairs are among the text’s', () => {
    let asked = 0
    fc.assert(
      fc.property(text, fc.nat(10), fc.integer({ min: 2, max: 9 }), (whole, from, length) => {
        const words = wordsOf([...whole].slice(from, from + length).join(''))
        // Compared as the search does: only what really stands there is to be found.
        if (!holdsAll([whole], words)) return
        if (words.some((word) => [...word].length > 1)) asked++
        const all = new Set(gramsOf([whole]))
        expect(gramsOf(words).filter((gram) => !all.has(gram))).toEqual([])
      }),
      { numRuns: 1000 },
    )
    expect(asked).toBeGreaterThan(300)
  })
})

describe('holding words', () => {
  test.each<[readonly string[], string, boolean]>([
    [['杯子碎了', '保温杯'], '碎了 保温', true],
    [['杯子碎了', '保温杯'], '碎了 保冷', false],
    [['退款，款退'], '退款退', false],
    [['ＡＢＣ'], 'bc', true],
    [['杯子碎'], '碎', true],
    // Never across two texts.
    [['杯子碎', '了'], '碎了', false],
    [[], '碎', false],
  ])('%j holds %j: %j', (texts, words, holds) => expect(holdsAll(texts, wordsOf(words))).toBe(holds))
})
