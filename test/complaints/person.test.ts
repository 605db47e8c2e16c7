import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { atLeast, roleFor, roles } from '../../src/complaints/member.ts'
import { masked, maskNumbers, sameness, withoutNumbers } from '../../src/complaints/person.ts'
import { instant } from '../../src/core/words.ts'

describe('what a group sees of a person', () => {
  test.each([
    [{ name: '张三', phone: '13800136688' }, '张* ·6688'],
    [{ name: '欧阳小明', phone: '13800136688' }, '欧** ·6688'],
    [{ name: '王小明' }, '王**'],
    [{ name: '张' }, '张*'],
    [{ name: '😀🎉🎉', phone: '13800136688' }, '😀** ·6688'],
    [{ name: '𠮷野' }, '𠮷*'],
    [{ name: 'Alexander' }, 'A**'],
    [{ phone: '13800136688' }, '****6688'],
    [{ phone: '+86 138 0013 6688' }, '****6688'],
    [{ name: '张三', phone: '' }, '张*'],
    [{ name: '张三', phone: '6688' }, '张*'],
    [{ name: '', openid: 'oABCDEFG' }, '—'],
    [{ name: '  ' }, '—'],
    [{ name: ' 张三\n' }, '张*'],
    [{}, '—'],
  ])('%j is %s', (person, who) => expect(masked(person)).toBe(who))

  test('never more than one letter of the name, four digits of the phone, nothing of the openid', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z]{2,12}$/), fc.stringMatching(/^\d{7,15}$/), (name, phone) => {
        const who = masked({ name, phone, openid: 'oSECRET' })
        expect(who.replace(/\D/g, '')).toBe(phone.slice(-4))
        expect(who.replace(/[^a-zA-Z]/g, '')).toBe(name[0])
      }),
    )
  })
})

describe('the same person', () => {
  test('is known by the phone wherever they complain', () => {
    const person = { phone: '13800136688', openid: 'oA' }
    expect(sameness(person, 'wx01')).toBe(sameness({ ...person, openid: 'oB', name: 'x' }, 'wx02'))
  })
  test('without a phone by the id, within the account that gave it', () => {
    expect(sameness({ openid: 'oA' }, 'wx01')).not.toBe(sameness({ openid: 'oA' }, 'wx02'))
    expect(sameness({ openid: 'oA' }, 'wx01')).toBe(sameness({ openid: 'oA', name: 'x' }, 'wx01'))
  })
  test('a phone and an openid that look alike are two people', () => {
    expect(sameness({ phone: '1 2' }, '')).not.toBe(sameness({ openid: '2' }, '1'))
  })
  test('nobody is the same as nobody', () => {
    expect([
      sameness({}, 'wx01'),
      sameness({ name: '张三' }, 'wx01'),
      sameness({ phone: '', openid: '' }, 'x'),
    ]).toEqual([undefined, undefined, undefined])
  })
})

describe('roles', () => {
  test('each may do what stands before it', () => {
    const may = roles.map((role) => roles.filter((needed) => atLeast({ role }, needed)).length)
    expect(may).toEqual([1, 2, 3, 4])
  })
  test('money takes a refunder, everything else an agent', () => {
    const needed = (
      ['respond', 'add-evidence', 'prove-refund', 'appeal', 'decide-refund', 'finish', 'claim', 'note'] as const
    ).map(roleFor)
    expect(new Set(needed)).toEqual(new Set(['agent']))
    expect(roleFor('refund')).toBe('refunder')
  })
})

describe('numbers in what people write', () => {
  test.each([
    ['请打13812345678，谢谢', '请打138****5678，谢谢'],
    ['138 1234 5678 或 139-1234-5678', '138****5678 或 139****5678'],
    ['订单 4200001381234567890123456789', '订单 4200001381234567890123456789'],
    ['+8613812345678', '+86138****5678'],
    ['+86 138 1234 5678', '+86 138****5678'],
    ['12812345678', '12812345678'],
    ['没有号码', '没有号码'],
  ])('%s → %s', (words, seen) => expect(maskNumbers(words)).toBe(seen))

  test('of a complaint: its words and each step', () => {
    const step = { at: instant(0), by: 'user', label: '补充', pictures: [] } as const
    const seen = withoutNumbers({ text: '打13812345678', timeline: [{ ...step, text: '或13987654321' }, step] })
    expect(seen).toEqual({ text: '打138****5678', timeline: [{ ...step, text: '或139****4321' }, step] })
  })
})
