import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Answer, openWorld, otherToken, picture, type Result, token, type World } from './telegram-world.ts'

// facts/chat.md §3.2 (photo ≤ 10 MB, other files ≤ 50 MB, getFile ≤ 20 MB, album 2–10, caption ≤ 1024) and §3.3 (multipart).
let w: World
beforeEach(async () => {
  w = await openWorld()
})
afterEach(() => w.close())

type Fields = Readonly<Record<string, string | Blob>>
const MB = 1024 * 1024

async function form<Of = Result>(method: string, fields: Fields): Promise<Answer<Of>> {
  const body = new FormData()
  body.set('chat_id', String(w.group.chat))
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'string') body.set(name, value)
    else body.set(name, value, `${name}.png`)
  }
  return (await (await fetch(`${w.url}/bot${token}/${method}`, { method: 'POST', body })).json()) as Answer<Of>
}
const blob = (bytes: Buffer, type = 'image/png') => new Blob([new Uint8Array(bytes)], { type })
const bytesOf = async (path: string, of = token) => {
  const answer = await fetch(`${w.url}/file/bot${of}/${path}`)
  return { status: answer.status, bytes: Buffer.from(await answer.arrayBuffer()) }
}

describe('multipart', () => {
  test('objects arrive as JSON text: reply_parameters, reply_markup', async () => {
    const id = await w.send('投诉 #1')
    const { result } = await form('sendPhoto', {
      photo: blob(picture(40, 30)),
      caption: '<b>凭证</b>',
      parse_mode: 'HTML',
      reply_parameters: JSON.stringify({ message_id: id }),
      reply_markup: JSON.stringify({ inline_keyboard: [[{ text: '详情', callback_data: 'd' }]] }),
    })
    expect(result).toMatchObject({ caption: '凭证', reply_to_message: { message_id: id } })
    expect(w.group.last()).toMatchObject({ text: '凭证', buttons: [['详情']], replyTo: id })
    const broken = await form('sendPhoto', { photo: blob(picture(9, 9)), reply_parameters: '[object Object]' })
    expect(broken.description).toBe("Bad Request: can't parse reply parameters JSON object")
  })

  test('attach:// names another part', async () => {
    const { result } = await form('sendDocument', {
      document: 'attach://csv',
      csv: blob(Buffer.from('1,2'), 'text/csv'),
    })
    expect(result.document).toMatchObject({ file_name: 'csv.png', mime_type: 'text/csv', file_size: 3 })
    expect(w.group.last()?.document?.bytes.toString()).toBe('1,2')
    expect((await form('sendDocument', { document: 'attach://nothing' })).description).toBe(
      'Bad Request: there is no document in the request',
    )
  })
})

describe('photos and files', () => {
  test('a photo comes in sizes, the biggest last; a file id belongs to one bot', async () => {
    const bytes = picture(1000, 500)
    w.group.promote('redress_bot')
    w.group.join('other_bot')
    w.li.photo(w.group, bytes)
    const photo = (await w.updates()).at(-1)?.message?.photo ?? []
    expect(photo.map(({ width, height }) => [width, height])).toEqual([
      [90, 45],
      [320, 160],
      [800, 400],
      [1000, 500],
    ])
    const { result } = await w.call('getFile', { file_id: photo[3]?.file_id })
    expect((await bytesOf(result.file_path)).bytes.equals(bytes)).toBe(true)
    const small = (await w.call('getFile', { file_id: photo[0]?.file_id })).result
    expect((await bytesOf(small.file_path)).bytes.equals(bytes)).toBe(false)
    expect((await w.call('getFile', { file_id: photo[3]?.file_id }, otherToken)).description).toBe(
      'Bad Request: invalid file_id',
    )
    expect((await bytesOf(result.file_path, otherToken)).status).toBe(404)
    const again = { chat_id: w.group.chat, photo: photo[3]?.file_id }
    expect((await w.call('sendPhoto', again)).ok).toBe(true)
    expect((await w.call('sendPhoto', { ...again, photo: 'nothing' })).description).toContain('wrong file identifier')
  })

  test('a link ends; a file over 20 MB has none', async () => {
    const document = async (size: number) => {
      w.li.start('redress_bot')
      const [own] = w.telegram.places().filter(({ chat }) => chat === w.li.user.id)
      if (own) w.li.document(own, { name: '凭证.pdf', bytes: Buffer.alloc(size, 1), mime: 'application/pdf' })
      return (await w.updates()).at(-1)?.message?.document
    }
    const small = await document(100)
    expect(small).toMatchObject({ file_name: '凭证.pdf', mime_type: 'application/pdf', file_size: 100 })
    const { result } = await w.call('getFile', { file_id: small?.file_id })
    await w.pass(3_599_999)
    expect((await bytesOf(result.file_path)).status).toBe(200)
    await w.pass(1)
    expect((await bytesOf(result.file_path)).status).toBe(404)
    const big = await document(20 * MB + 1)
    expect((await w.call('getFile', { file_id: big?.file_id })).description).toBe('Bad Request: file is too big')
  })

  test.each([
    ['not a picture', Buffer.from('hello'), '400 Bad Request: IMAGE_PROCESS_FAILED'],
    ['too long a strip', picture(42, 2), '400 Bad Request: PHOTO_INVALID_DIMENSIONS'],
    ['too big', Buffer.concat([picture(9, 9), Buffer.alloc(10 * MB)]), '400 Bad Request: file of size '],
  ])('a photo that is refused: %s', async (_, bytes, why) => {
    const { error_code, description } = await form('sendPhoto', { photo: blob(bytes) })
    expect(`${error_code} ${description}`).toContain(why)
  })

  test('a file of 50 MB goes, one byte more does not', async () => {
    expect((await form('sendDocument', { document: blob(Buffer.alloc(50 * MB)) })).ok).toBe(true)
    expect(await form('sendDocument', { document: blob(Buffer.alloc(50 * MB + 1)) })).toEqual({
      ok: false,
      error_code: 413,
      description: 'Request Entity Too Large',
    })
  })

  test('a caption has 1024 units; editMessageCaption changes it', async () => {
    const caption = '投'.repeat(1024)
    const { result } = await form('sendPhoto', { photo: blob(picture(9, 9)), caption })
    expect((await form('sendPhoto', { photo: blob(picture(9, 9)), caption: `${caption}!` })).description).toBe(
      'Bad Request: message caption is too long',
    )
    const edit = { chat_id: w.group.chat, message_id: result.message_id }
    expect((await w.call('editMessageCaption', { ...edit, caption: '短' })).result.caption).toBe('短')
    expect((await w.call('editMessageText', { ...edit, text: 'x' })).description).toBe(
      'Bad Request: there is no text in the message to edit',
    )
  })
})

describe('albums', () => {
  const parts = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, blob(picture(9, 9))]))
  const media = (count: number, type = 'photo') =>
    Array.from({ length: count }, (_, index) => ({
      type,
      media: `attach://p${index}`,
      caption: index === 0 ? '凭证' : '',
    }))

  test('two to ten, each a message, none with buttons', async () => {
    const { result } = await form<Result[]>('sendMediaGroup', {
      ...parts(2),
      media: JSON.stringify(media(2)),
      reply_markup: JSON.stringify({ inline_keyboard: [[{ text: 'x', callback_data: 'x' }]] }),
    })
    expect(result.map(({ caption, reply_markup }) => [caption, reply_markup])).toEqual([
      ['凭证', undefined],
      [undefined, undefined],
    ])
    expect(result[0]?.media_group_id).toBe(result[1]?.media_group_id)
    for (const [count, why] of [
      [1, 'too few messages to send as an album'],
      [11, 'too many messages to send as an album'],
    ] as const) {
      const answer = await form('sendMediaGroup', { ...parts(count), media: JSON.stringify(media(count)) })
      expect(answer.description).toBe(`Bad Request: ${why}`)
    }
    const mixed = [...media(1), ...media(2, 'document').slice(1)]
    expect((await form('sendMediaGroup', { ...parts(2), media: JSON.stringify(mixed) })).description).toContain('mixed')
  })
})
