import { Console } from 'node:console'
import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { format, inspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSealer, type Place, type Sealed, Secret } from '../../src/core/seal.ts'

const master = Buffer.alloc(32, 1)
const sealer = createSealer(master, randomBytes)
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** The letter that differs in the lowest bit alone. */
const beside = (letter = 'A') => alphabet[alphabet.indexOf(letter) ^ 1] ?? 'A'
const place: Place = { tenant: 'ten_1', table: 'complaint', row: 'cmp_1', column: 'person' }

describe('a sealed value', () => {
  test('opens where it was sealed, whatever it says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(sealer.open(place, sealer.seal(place, text))).toBe(text)
      }),
    )
  })
  test('shows nothing of the text, and never looks the same twice', () => {
    const text = '13800136688'
    const [a, b] = [sealer.seal(place, text), sealer.seal(place, text)]
    expect(a).not.toBe(b)
    const bytes = Buffer.from(a.split('.')[2] ?? '', 'base64url')
    expect(bytes.includes(text)).toBe(false)
    expect(bytes.length).toBe(12 + text.length + 16)
  })
  test.each(['tenant', 'table', 'row', 'column'] as const)('does not open after its %s was changed', (part) => {
    const sealed = sealer.seal(place, 'x')
    expect(() => sealer.open({ ...place, [part]: 'other' }, sealed)).toThrow()
  })
  test('does not open where the parts of the place only run together to the same letters', () => {
    const sealed = sealer.seal({ ...place, table: 'ab', row: 'c' }, 'x')
    expect(() => sealer.open({ ...place, table: 'a', row: 'bc' }, sealed)).toThrow()
  })
  test('does not open when any byte of it is another', () => {
    const [version, id, body = ''] = sealer.seal(place, '张三').split('.')
    const bytes = Buffer.from(body, 'base64url')
    for (let index = 0; index < bytes.length; index++) {
      const damaged = Buffer.from(bytes)
      damaged[index] = (damaged[index] ?? 0) ^ 1
      const sealed = `${version}.${id}.${damaged.toString('base64url')}` as Sealed
      expect(() => sealer.open(place, sealed), `byte ${index}`).toThrow()
    }
  })
  test('does not open when any letter of its text is another, is missing, or when something was added', () => {
    // A length at which the last letter carries bits that decoding would ignore.
    const sealed = sealer.seal(place, '123')
    for (let index = 0; index < sealed.length; index++) {
      for (const letter of ['', beside(sealed[index]), '!', `${sealed[index]}.`]) {
        const damaged = sealed.slice(0, index) + letter + sealed.slice(index + 1)
        if (damaged !== sealed) expect(() => sealer.open(place, damaged as Sealed), damaged).toThrow()
      }
    }
    for (const more of ['.', '.x', '=', 'A', ' ']) expect(() => sealer.open(place, (sealed + more) as Sealed)).toThrow()
  })
  test.each(['', 'v1', 'v1.', 'v2.a.b', 'plain text', '....'])('%j is none, and the error names the place', (text) => {
    expect(() => sealer.open(place, text as Sealed)).toThrow(/complaint\.person of cmp_1/)
  })
  test('under another master key says so, not that it is damaged', () => {
    const sealed = createSealer(Buffer.alloc(32, 2), randomBytes).seal(place, 'x')
    expect(() => sealer.open(place, sealed)).toThrow(/another master key/)
  })
  test('cut short says so', () => {
    const [version, id] = sealer.seal(place, 'x').split('.')
    expect(() => sealer.open(place, `${version}.${id}.AAAA` as Sealed)).toThrow(/cut short/)
  })
  test.each([0, 16, 31, 33])('a master key of %d bytes is refused', (size) => {
    expect(() => createSealer(Buffer.alloc(size), randomBytes)).toThrow(RangeError)
  })
})

describe('a pseudonym', () => {
  test('is equal for equal people of one tenant, and only there, and only under our key', () => {
    const name = sealer.pseudonym('ten_1', 'phone 13800136688')
    expect(sealer.pseudonym('ten_1', 'phone 13800136688')).toBe(name)
    expect(name).not.toContain('138')
    const others = [
      sealer.pseudonym('ten_2', 'phone 13800136688'),
      sealer.pseudonym('ten_1', 'phone 13800136689'),
      sealer.pseudonym('ten_1p', 'hone 13800136688'),
      createSealer(Buffer.alloc(32, 2), randomBytes).pseudonym('ten_1', 'phone 13800136688'),
    ]
    expect(others).not.toContain(name)
  })
})

describe('a secret', () => {
  const secret = new Secret('s3cret')
  test('is told to whoever asks for it by name', () => expect(secret.reveal()).toBe('s3cret'))
  test.each([
    ['JSON', JSON.stringify({ secret, all: [secret] })],
    ['a template', `${secret}`],
    ['a sum', `x${String(secret)}`],
    ['inspect', inspect({ deep: { secret } }, { depth: 9, showHidden: true })],
    ['format', format('%s %o %O %j', secret, secret, secret, secret)],
    ['its own keys', Object.getOwnPropertyNames(secret).join() + JSON.stringify({ ...secret })],
    ['an error that holds it', inspect(new Error('x', { cause: secret }), { showHidden: true })],
  ])('is not shown in %s', (_, shown) => expect(shown).not.toContain('s3cret'))
  test('is not shown on the console', () => {
    const written: string[] = []
    const stdout = new Writable({ write: (chunk, _, done) => done(void written.push(String(chunk))) })
    new Console({ stdout }).log('a', secret, { secret })
    expect(written.join()).toContain('[secret]')
    expect(written.join()).not.toContain('s3cret')
  })
})
