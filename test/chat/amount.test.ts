import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { amountIn } from '../../src/chat/amount.ts'
import { capitals } from '../../src/chat/capitals.ts'
import { fen, yuan } from '../../src/core/words.ts'

describe('an amount, and why', () => {
  test.each([
    ['12.5 少发一件', 1250, '少发一件'],
    ['12.50', 1250, ''],
    ['  12　少发 一件 ', 1200, '少发 一件'],
    ['１２．５　少发一件', 1250, '少发一件'],
    ['￥12.50', 1250, ''],
    ['12.50元 少发', 1250, '少发'],
    ['0.01', 1, ''],
    ['0012', 1200, ''],
    ['all', 'all', ''],
    ['ＡＬＬ 退货', 'all', '退货'],
    ['全部 退货', 'all', '退货'],
    ['全额', 'all', ''],
    ['12 34', 1200, '34'],
    ['12\n少发一件', 1200, '少发一件'],
  ])('%j: %s, %j', (said, amount, reason) => expect(amountIn(said)).toEqual({ amount, reason }))

  test.each([
    ['', 'none'],
    ['   ', 'none'],
    ['¥', 'none'],
    ['-1', 'below'],
    ['－1 少发', 'below'],
    ['−1', 'below'],
    ['0', 'zero'],
    ['0.00', 'zero'],
    ['０', 'zero'],
    ['0.', 'zero'],
    ['0.001', 'decimals'],
    ['12.345', 'decimals'],
    ['9007199254740993', 'big'],
    ['1e3', 'form'],
    ['0x10', 'form'],
    ['12.', 'form'],
    ['.5', 'form'],
    ['1,000', 'form'],
    ['12.5.1', 'form'],
    ['+5', 'form'],
    ['Infinity', 'form'],
    ['NaN', 'form'],
    ['十二', 'form'],
    ['少发一件 12', 'form'],
    ['12块', 'form'],
    ['1²', 'form'],
  ])('%j is none: %s', (said, wrong) => expect(amountIn(said)).toMatchObject({ wrong }))

  test('whatever is read as an amount is what was written', () => {
    const written = fc.integer({ min: 1, max: 99_999_999_999 }).map((amount) => yuan(fen(amount)))
    fc.assert(
      fc.property(written, (text) => {
        expect(amountIn(text)).toEqual({ amount: Math.round(Number(text) * 100), reason: '' })
      }),
    )
    fc.assert(
      fc.property(fc.string(), (text) => {
        const asked = amountIn(text)
        if ('amount' in asked && asked.amount !== 'all')
          expect(Number.isSafeInteger(asked.amount) && asked.amount > 0).toBe(true)
      }),
    )
  })
})

describe('an amount in capitals', () => {
  test.each([
    [0, '零元整'],
    [1, '壹分'],
    [10, '壹角整'],
    [12, '壹角贰分'],
    [100, '壹元整'],
    [101, '壹元零壹分'],
    [110, '壹元壹角整'],
    [1250, '壹拾贰元伍角整'],
    [1005, '壹拾元零伍分'],
    [10_000, '壹佰元整'],
    [10_100, '壹佰零壹元整'],
    [25_000, '贰佰伍拾元整'],
    [100_100, '壹仟零壹元整'],
    [101_000, '壹仟零壹拾元整'],
    [1_000_000, '壹万元整'],
    [1_001_000, '壹万零壹拾元整'],
    [1_100_000, '壹万壹仟元整'],
    [10_000_000, '壹拾万元整'],
    [10_000_100, '壹拾万零壹元整'],
    [10_100_000, '壹拾万壹仟元整'],
    [12_345_678_901, '壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元零壹分'],
    [10_000_000_000, '壹亿元整'],
    [10_000_000_100, '壹亿零壹元整'],
    [100_000_000_000, '壹拾亿元整'],
  ])('%i fen: %s', (amount, said) => expect(capitals(fen(amount))).toBe(said))
})
