import { createHash } from 'node:crypto'
import fc from 'fast-check'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import {
  type Fitted,
  fitting,
  type Picture,
  type PictureLimit,
  type PictureType,
  pictureHash,
  pictureType,
} from '../../src/core/picture.ts'

const limit = { bytes: 2_097_152, types: ['image/png', 'image/jpeg', 'image/gif'] }

/** Noise: what no format can press well. */
async function noise(type: 'png' | 'jpeg' | 'webp' | 'gif', width: number, height = width): Promise<Picture> {
  let seed = 7
  const raw = Buffer.alloc(width * height * 3)
  for (let index = 0; index < raw.length; index++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
    raw[index] = seed >>> 24
  }
  const bytes = await sharp(raw, { raw: { width, height, channels: 3 } })
    .toFormat(type)
    .toBuffer()
  return { type: `image/${type}`, bytes }
}

const sizeOf = async (bytes: Buffer) => {
  const { width, height, format, pages } = await sharp(bytes).metadata()
  return { width, height, format, pages }
}

describe('what a picture is, told by its first bytes', () => {
  const webp = Buffer.concat([Buffer.from('RIFF'), Buffer.alloc(4), Buffer.from('WEBPVP8 ')])
  test.each([
    ['image/png', Buffer.from('89504e470d0a1a0a00', 'hex')],
    ['image/jpeg', Buffer.from('ffd8ffe0', 'hex')],
    ['image/gif', Buffer.from('GIF87a')],
    ['image/gif', Buffer.from('GIF89a…')],
    ['image/webp', webp],
    [undefined, Buffer.alloc(0)],
    [undefined, Buffer.from('89504e470d0a1a', 'hex')],
    [undefined, Buffer.from('GIF88a')],
    [undefined, Buffer.from(' GIF89a')],
    [undefined, Buffer.from('RIFF....WAVE')],
    [undefined, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    [undefined, Buffer.from('%PDF-1.7')],
    [undefined, Buffer.from('<!doctype html>')],
  ])('%s', (type, bytes) => expect(pictureType(bytes)).toBe(type))

  test.each(['png', 'jpeg', 'webp', 'gif'] as const)('a real %s', async (type) => {
    expect(pictureType((await noise(type, 4)).bytes)).toBe(`image/${type}`)
  })
  test('its hash is the SHA-256 of its bytes', () => {
    const bytes = Buffer.from('x')
    expect(pictureHash(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'))
  })
})

/** The picture, where it can be made to fit. */
async function fitted(picture: Picture, limit: PictureLimit): Promise<Picture | undefined> {
  const fit = await fitting(picture, limit)
  return fit.outcome === 'fits' ? fit.picture : undefined
}

describe('a picture that fits', () => {
  test.each(['png', 'jpeg', 'gif'] as const)('goes as it is: %s', async (type) => {
    const picture = await noise(type, 16)
    expect(await fitted(picture, limit)).toBe(picture)
  })
  test('to the very byte; one more is pressed', async () => {
    const picture = await noise('png', 200)
    expect(await fitted(picture, { ...limit, bytes: picture.bytes.length })).toBe(picture)
    const pressed = await fitted(picture, { ...limit, bytes: picture.bytes.length - 1 })
    expect([pressed?.type, pressed && pressed.bytes.length < picture.bytes.length]).toEqual(['image/jpeg', true])
  })
})

describe('a picture that does not', () => {
  test('too big: pressed to JPEG under the limit, with its shape', async () => {
    const picture = await noise('png', 1600, 800)
    expect(picture.bytes.length).toBeGreaterThan(limit.bytes)
    const pressed = await fitted(picture, limit)
    expect(pressed?.bytes.length).toBeLessThanOrEqual(limit.bytes)
    expect(await sizeOf(pressed?.bytes ?? Buffer.alloc(0))).toMatchObject({ width: 1600, height: 800, format: 'jpeg' })
  })
  test('still too big: made smaller, step by step', async () => {
    const picture = await noise('png', 1600, 800)
    const pressed = await fitted(picture, { ...limit, bytes: 250_000 })
    expect(pressed?.bytes.length).toBeLessThanOrEqual(250_000)
    expect(await sizeOf(pressed?.bytes ?? Buffer.alloc(0))).toMatchObject({ width: 800, height: 400 })
    expect(await fitted(picture, { ...limit, bytes: 10_000 })).toBeUndefined()
  })
  test('a small one is not made bigger', async () => {
    const pressed = await fitted(await noise('webp', 20, 10), limit)
    expect(await sizeOf(pressed?.bytes ?? Buffer.alloc(0))).toMatchObject({ width: 20, height: 10, format: 'jpeg' })
  })
  test('WebP where it is not taken: JPEG; where it is: as it is', async () => {
    const picture = await noise('webp', 32)
    expect((await fitted(picture, limit))?.type).toBe('image/jpeg')
    expect(await fitted(picture, { ...limit, types: [...limit.types, 'image/webp'] })).toBe(picture)
  })
  test('see-through parts become white, not black', async () => {
    const clear = { create: { width: 8, height: 8, channels: 4, background: '#00000000' } } as const
    const bytes = await sharp(clear).webp().toBuffer()
    const pressed = await fitted({ type: 'image/webp', bytes }, limit)
    const { data } = await sharp(pressed?.bytes).raw().toBuffer({ resolveWithObject: true })
    expect(Math.min(...data)).toBeGreaterThan(250)
  })
  test('a moving GIF that is too big stands still as its first picture', async () => {
    const frame = await sharp((await noise('png', 300)).bytes)
      .raw()
      .toBuffer()
    const bytes = await sharp(Buffer.concat([frame, frame.map((byte) => 255 - byte)]), {
      raw: { width: 300, height: 600, channels: 3, pageHeight: 300 },
    })
      .gif({ delay: [100, 100], loop: 0 })
      .toBuffer()
    expect((await sizeOf(bytes)).pages).toBe(2)
    expect(await fitted({ type: 'image/gif', bytes }, limit)).toMatchObject({ type: 'image/gif' })
    const pressed = await fitted({ type: 'image/gif', bytes }, { ...limit, bytes: bytes.length - 1 })
    expect(await sizeOf(pressed?.bytes ?? Buffer.alloc(0))).toMatchObject({ width: 300, height: 300, format: 'jpeg' })
  })
  test('a photo that was taken upright stays upright, and does not tell where it was taken', async () => {
    const bytes = await sharp((await noise('png', 40, 20)).bytes)
      .withExif({ IFD0: { Copyright: 'secret place' } })
      .withMetadata({ orientation: 6 })
      .webp()
      .toBuffer()
    const pressed = await fitted({ type: 'image/webp', bytes }, limit)
    expect(await sizeOf(pressed?.bytes ?? Buffer.alloc(0))).toMatchObject({ width: 20, height: 40 })
    expect(pressed?.bytes.includes('secret place')).toBe(false)
  })
  test('where JPEG is not taken either: none', async () => {
    expect(await fitted(await noise('webp', 8), { ...limit, types: ['image/png'] })).toBeUndefined()
  })
})

describe('what is no picture', () => {
  const header = Buffer.from('89504e470d0a1a0a', 'hex')
  const types: readonly PictureType[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']
  test('garbage behind the first bytes of a PNG is not taken, and nothing throws', async () => {
    const bytes = Buffer.concat([header, Buffer.alloc(4096, 'garbage')])
    expect(await fitted({ type: 'image/png', bytes }, { ...limit, bytes: 1000 })).toBeUndefined()
    expect(await fitted({ type: 'image/png', bytes }, { ...limit, types: ['image/jpeg'] })).toBeUndefined()
  })
  test('a text that is called a PNG is not taken, though it is small enough', async () => {
    expect(await fitted({ type: 'image/png', bytes: Buffer.from('hello') }, limit)).toBeUndefined()
  })
  test('an empty file is none', async () => {
    for (const type of types) expect(await fitted({ type, bytes: Buffer.alloc(0) }, limit)).toBeUndefined()
  })
  test('no bytes at all make it throw', async () => {
    const prefix = fc.constantFrom(header, Buffer.from('ffd8ff', 'hex'), Buffer.from('GIF89a'), Buffer.alloc(0))
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types),
        prefix,
        fc.uint8Array({ maxLength: 60 }),
        async (type, first, rest) => {
          const bytes = Buffer.concat([first, rest])
          const fit = await fitted({ type, bytes }, { bytes: 4, types: ['image/jpeg'] })
          expect(fit === undefined || fit.bytes.length <= 4).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })
})

describe('why a picture cannot be taken', () => {
  const of = async (picture: Picture, more: Partial<PictureLimit> = {}): Promise<Fitted['outcome']> =>
    (await fitting(picture, { ...limit, ...more })).outcome
  test('it is broken, whatever its size', async () => {
    expect(await of({ type: 'image/png', bytes: Buffer.from('hello') })).toBe('broken')
    const bytes = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(4096, 'garbage')])
    expect(await of({ type: 'image/png', bytes }, { bytes: 1000 })).toBe('broken')
  })
  test('it stays too big', async () => expect(await of(await noise('png', 1600, 800), { bytes: 10_000 })).toBe('big'))
  test('nobody takes its type, nor JPEG', async () =>
    expect(await of(await noise('webp', 8), { types: ['image/png'] })).toBe('type'))
  test('it is too big, and JPEG is not taken', async () =>
    expect(await of(await noise('png', 200), { bytes: 100, types: ['image/png'] })).toBe('big'))
})
