import { describe, expect, test } from 'vitest'
import type { Acted } from '../../../src/complaints/action.ts'
import { OutsideError } from '../../../src/core/errors.ts'
import { instant } from '../../../src/core/words.ts'
import {
  type Asked,
  account,
  detail,
  hashOf,
  type JobBook,
  jobOf,
  platformOn,
  png,
  type Script,
  seconds,
  start,
} from './support.ts'

const respondPath = '/wxaapi/minishop/bussiRespondComplaint'
const proofPath = '/wxaapi/minishop/bussiSupplyProof'
const detailPath = '/wxaapi/minishop/complaintOrderDetail'
const uploadPath = '/cgi-bin/media/upload'
const ok = { errcode: 0, errmsg: 'ok rid: 6621aa00-11112222-33334444' }
const now = start / 1000

interface Outside {
  readonly act?: Script
  readonly detail?: Script
  readonly upload?: Script
}

function outside(script: Outside, limits = {}) {
  let media = 0
  const made = platformOn(
    (asked) => {
      if (asked.path === uploadPath)
        return script.upload?.(asked) ?? { type: 'image', media_id: `M${++media}`, created_at: now }
      if (asked.path === detailPath) return script.detail?.(asked)
      if (asked.path === respondPath || asked.path === proofPath) return script.act?.(asked)
      return undefined
    },
    { limits },
  )
  const deeds = made.platform.deeds({ account: account() })
  if (!deeds.respond || !deeds['add-evidence']) throw new Error('no deeds')
  return {
    ...made,
    respond: deeds.respond,
    evidence: deeds['add-evidence'],
    of: (path: string) => made.transport.asked.filter((one) => one.path === path),
  }
}

const json = (asked: Asked | undefined) => asked?.body.toString()
const agree = { kind: 'respond', stance: 'agree', text: '同意退款，已为您办理' } as const
const proof = { kind: 'add-evidence', text: '物流显示已签收' } as const
const step = (itemType: number, content: string | undefined, at = now, pictures: string[] = []) => ({
  itemType,
  time: at,
  content,
  mediaIdList: pictures,
})
const history = (status: number, ...item: object[]) =>
  detail({ status }, { item: [step(1, '漏水', now - 3600), ...item] })

describe('answering', () => {
  test('says 1 for agree and 2 for refuse, the number without quotes, and what was said', async () => {
    const { respond, of } = outside({ act: () => ok })
    expect(await respond.perform(jobOf<'respond'>(agree))).toEqual({
      outcome: 'done',
      reference: '6621aa00-11112222-33334444',
    })
    await respond.perform(jobOf<'respond'>({ kind: 'respond', stance: 'refuse', text: ' 商品无误 ' }))
    expect(of(respondPath).map(json)).toEqual([
      '{"complaintOrderId":2157,"bussiHandle":1,"content":"同意退款，已为您办理"}',
      '{"complaintOrderId":2157,"bussiHandle":2,"content":"商品无误"}',
    ])
    expect(of(respondPath)[0]).toMatchObject({ method: 'POST', headers: { 'content-type': 'application/json' } })
    expect(of(respondPath)[0]?.query.get('access_token')).toBe('TOKEN1')
  })
  test('cannot be neither yes nor no', async () => {
    const { respond, transport } = outside({ act: () => ok })
    expect(await respond.perform(jobOf<'respond'>({ kind: 'respond', stance: 'talk', text: 'x' }))).toMatchObject({
      outcome: 'failed',
      again: false,
    })
    expect(transport.asked).toEqual([])
  })
  test('with pictures alone sends no content; each is uploaded once', async () => {
    const { respond, of } = outside({ act: () => ok })
    const job = jobOf<'respond'>({ kind: 'respond', stance: 'agree', pictures: [hashOf(1), hashOf(2)] })
    expect(await respond.perform(job)).toMatchObject({ outcome: 'done' })
    expect(await respond.perform(job)).toMatchObject({ outcome: 'done' })
    expect(of(respondPath).map(json)).toEqual(
      Array(2).fill('{"complaintOrderId":2157,"bussiHandle":1,"mediaIdList":["M1","M2"]}'),
    )
    expect(of(uploadPath).length).toBe(2)
  })
})

test('evidence goes to its own address without a yes or no', async () => {
  const { evidence, of } = outside({ act: () => ({ errcode: 0, errmsg: 'ok' }) })
  expect(await evidence.perform(jobOf<'add-evidence'>(proof))).toEqual({ outcome: 'done', reference: '2157' })
  expect(of(proofPath).map(json)).toEqual(['{"complaintOrderId":2157,"content":"物流显示已签收"}'])
})

test('both deeds look before they are tried again, not before a minute has passed', () => {
  const { respond, evidence } = outside({})
  for (const deed of [respond, evidence]) expect([deed.repeat, deed.settles]).toEqual(['after-look', 60_000])
})

describe('words that would not be taken never leave', () => {
  test.each([
    [{}],
    [{ text: '' }],
    [{ text: ' \n ' }],
    [{ text: '', pictures: [] }],
    [{ text: '长'.repeat(501) }],
    [{ text: 'x', pictures: [1, 2, 3, 4, 5].map(hashOf) }],
  ])('%j', async (words) => {
    const { respond, evidence, transport } = outside({ act: () => ok })
    expect(await respond.perform(jobOf<'respond'>({ kind: 'respond', stance: 'agree', ...words }))).toMatchObject({
      outcome: 'failed',
      again: false,
    })
    expect(await evidence.perform(jobOf<'add-evidence'>({ kind: 'add-evidence', ...words }))).toMatchObject({
      outcome: 'failed',
      again: false,
    })
    expect(transport.asked).toEqual([])
  })
  test('at the limit they do, counted as characters, not as UTF-16', async () => {
    const { respond } = outside({ act: () => ok })
    expect(await respond.perform(jobOf<'respond'>({ ...agree, text: '😀'.repeat(500) }))).toMatchObject({
      outcome: 'done',
    })
    const strict = outside({ act: () => ok }, { contentChars: 3 })
    expect(await strict.respond.perform(jobOf<'respond'>({ ...agree, text: '四个字啊' }))).toMatchObject({
      outcome: 'failed',
    })
  })
  test('a number that would not arrive exactly', async () => {
    const { respond, transport } = outside({ act: () => ok })
    expect(await respond.perform(jobOf<'respond'>(agree, { number: '9007199254740993' }))).toMatchObject({
      outcome: 'failed',
      again: false,
    })
    expect(transport.paths()).not.toContain(respondPath)
  })
})

describe('a picture', () => {
  const picture = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from('--redress\r\n图\0', 'utf8')])
  test('is uploaded as one multipart part named media, byte for byte', async () => {
    const { evidence, of } = outside({ act: () => ok })
    await evidence.perform(
      jobOf<'add-evidence'>({ ...proof, pictures: [hashOf(1)] }, { picture: { type: 'image/png', bytes: picture } }),
    )
    const sent = of(uploadPath)[0]
    const boundary = /^multipart\/form-data; boundary=(\w+)$/.exec(sent?.headers['content-type'] ?? '')?.[1]
    expect(sent?.query.get('type')).toBe('image')
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="media"; filename="picture.png"; filelength=${picture.length}\r\nContent-Type: image/png\r\n\r\n`
    expect(sent?.body.equals(Buffer.concat([Buffer.from(head), picture, Buffer.from(`\r\n--${boundary}--\r\n`)]))).toBe(
      true,
    )
  })
  test.each([
    [now, start],
    [now - 600, start - 600_000],
    [now + 999_999, start],
    [undefined, start],
  ])('made at %j is kept 2.5 days from then, never from a time to come', async (created_at, from) => {
    const { evidence } = outside({ act: () => ok, upload: () => ({ media_id: 'M', created_at }) })
    const job = jobOf<'add-evidence'>({ ...proof, pictures: [hashOf(1)] })
    await evidence.perform(job)
    expect(job.book.cache.get(hashOf(1))).toEqual({ id: 'M', until: instant(from + 216_000_000) })
  })
  test('that they have forgotten is uploaded again, once', async () => {
    let calls = 0
    const { evidence, of } = outside({
      act: () => (++calls === 1 ? { errcode: 40007, errmsg: 'invalid media_id' } : ok),
    })
    const book: JobBook = {
      uploads: [],
      forgotten: [],
      cache: new Map([[hashOf(1), { id: 'OLD', until: instant(start) }]]),
    }
    expect(await evidence.perform(jobOf<'add-evidence'>({ ...proof, pictures: [hashOf(1)] }, { book }))).toMatchObject({
      outcome: 'done',
    })
    expect(of(proofPath).map((one) => JSON.parse(one.body.toString()).mediaIdList)).toEqual([['OLD'], ['M1']])
    expect(book.forgotten).toEqual([hashOf(1)])
  })
  test('that they forget at once again is a failure, not a loop', async () => {
    const { evidence, of } = outside({ act: () => ({ errcode: 40007, errmsg: 'invalid media_id' }) })
    expect(await evidence.perform(jobOf<'add-evidence'>({ ...proof, pictures: [hashOf(1)] }))).toMatchObject({
      outcome: 'failed',
      again: false,
    })
    expect(of(proofPath).length).toBe(2)
  })
  test('whose upload got no answer leaves nothing done: try again later', async () => {
    const { evidence, of } = outside({ act: () => ok, upload: () => new OutsideError('unknown', 'cut') })
    expect(await evidence.perform(jobOf<'add-evidence'>({ ...proof, pictures: [hashOf(1)] }))).toMatchObject({
      outcome: 'failed',
      again: true,
    })
    expect(of(proofPath)).toEqual([])
  })
  test('that cannot be made to fit is refused before anything is said', async () => {
    const { evidence, of } = outside({ act: () => ok }, { pictureBytes: 100 })
    const job = jobOf<'add-evidence'>({ ...proof, pictures: [hashOf(1)] }, { picture: png(101) })
    expect(await evidence.perform(job)).toMatchObject({
      outcome: 'failed',
      again: false,
      message: expect.stringContaining('图片'),
    })
    expect([of(uploadPath), of(proofPath)]).toEqual([[], []])
  })
})

const http = (status: number, body = '{}') => ({ status, headers: {}, body: Buffer.from(body) })

describe('what an answer to an act means', () => {
  test.each([
    ['cut off after sending', new OutsideError('unknown', 'reset')],
    ['HTTP 500', http(500)],
    ['HTTP 502 with a page', http(502, '<html>')],
    ['HTTP 404', http(404)],
    ['cut JSON', http(200, '{"errcode":0,"err')],
    ['no errcode', http(200, '{}')],
    ['an errcode that is no number', http(200, '{"errcode":"fine"}')],
    ['busy', { errcode: -1, errmsg: 'system error' }],
  ])('%s: unknown, and sent only once', async (_, answer) => {
    for (const [path, run] of both({ act: () => answer })) {
      const { acted, sent } = await run()
      expect(acted).toEqual({ outcome: 'unknown' })
      expect(sent(path)).toBe(1)
    }
  })
  test.each([
    ['nothing was sent', new OutsideError('unreachable', 'connection refused'), true],
    ['the daily quota', { errcode: 45009, errmsg: 'x' }, true],
    ['the minute quota', { errcode: 45011, errmsg: 'x' }, true],
    ['HTTP 429', http(429), true],
    ['no such complaint', { errcode: 1, errmsg: 'x' }, false],
    ['a bad parameter', { errcode: 10001, errmsg: '内容过长' }, false],
    ['no permission', { errcode: 48001, errmsg: 'x' }, false],
    ['a code that nobody knows', { errcode: 61234, errmsg: 'x' }, false],
  ])('%s: failed, and may the same be tried again: %3$s', async (_, answer, again) => {
    for (const [path, run] of both({ act: () => answer })) {
      const { acted, sent } = await run()
      expect(acted).toMatchObject({ outcome: 'failed', again })
      expect(acted).not.toHaveProperty('moved')
      expect(sent(path)).toBe(1)
    }
  })
  test('10001 shows what WeChat said', async () => {
    const { respond } = outside({ act: () => ({ errcode: 10001, errmsg: '内容过长 rid: 66aa-11-22' }) })
    expect(await respond.perform(jobOf<'respond'>(agree))).toMatchObject({
      message: expect.stringContaining('[内容过长]'),
    })
  })
  test('a stale token is renewed and the act said once more: the first was refused undone', async () => {
    let tokens = 0
    const { platform, transport } = platformOn((asked) => {
      if (asked.path === '/cgi-bin/stable_token') return { access_token: `T${++tokens}`, expires_in: 7200 }
      return asked.query.get('access_token') === 'T1' ? { errcode: 42001, errmsg: 'expired' } : ok
    })
    const acted = await platform.deeds({ account: account() }).respond?.perform(jobOf<'respond'>(agree))
    expect(acted).toMatchObject({ outcome: 'done' })
    expect(transport.paths().filter((path) => path === respondPath).length).toBe(2)
  })
  test.each([
    [new OutsideError('unknown', 'x')],
    [{ errcode: -1, errmsg: 'system error' }],
    [new OutsideError('unreachable', 'x')],
  ])('without a token nothing was sent, so nothing is unknown: %j', async (answer) => {
    const { platform, transport } = platformOn((asked) => (asked.path === '/cgi-bin/stable_token' ? answer : ok))
    const acted = await platform.deeds({ account: account() }).respond?.perform(jobOf<'respond'>(agree))
    expect(acted).toMatchObject({ outcome: 'failed', again: true })
    expect(transport.paths()).not.toContain(respondPath)
  })
})

/** Runs the same story once for each deed. */
function both(script: Outside): [string, () => Promise<{ acted: Acted; sent: (path: string) => number }>][] {
  const run = (perform: (made: ReturnType<typeof outside>) => Promise<Acted>) => async () => {
    const made = outside(script)
    return { acted: await perform(made), sent: (path: string) => made.of(path).length }
  }
  return [
    [respondPath, run((made) => made.respond.perform(jobOf<'respond'>(agree)))],
    [proofPath, run((made) => made.evidence.perform(jobOf<'add-evidence'>(proof)))],
  ]
}

describe('"wrong state" is no failure before a look', () => {
  const moved = () => ({ errcode: 309, errmsg: 'status error' })
  test('our own earlier answer stands there: done', async () => {
    const { respond } = outside({ act: moved, detail: () => history(204, step(109, agree.text)) })
    expect(await respond.perform(jobOf<'respond'>(agree))).toEqual({ outcome: 'done', reference: '2157' })
  })
  test('somebody else answered: failed, because it moved', async () => {
    const { respond } = outside({ act: moved, detail: () => history(204, step(109, '别人写的')) })
    expect(await respond.perform(jobOf<'respond'>(agree))).toMatchObject({
      outcome: 'failed',
      again: false,
      moved: true,
      message: expect.stringContaining('已回应'),
    })
  })
  test('the state is as before: failed, and read it again', async () => {
    const { respond } = outside({ act: moved, detail: () => history(201) })
    expect(await respond.perform(jobOf<'respond'>(agree))).toMatchObject({ outcome: 'failed', moved: true })
  })
  test('the look fails too: unknown', async () => {
    const { respond } = outside({ act: moved, detail: () => http(500) })
    expect(await respond.perform(jobOf<'respond'>(agree))).toEqual({ outcome: 'unknown' })
  })
  test('1002 likewise', async () => {
    const { evidence } = outside({
      act: () => ({ errcode: 1002, errmsg: 'x' }),
      detail: () => history(107, step(8, proof.text)),
    })
    expect(await evidence.perform(jobOf<'add-evidence'>(proof))).toMatchObject({ outcome: 'done' })
  })
})

describe('looking', () => {
  const look = async (
    kind: 'respond' | 'add-evidence',
    answer: object,
    action: { text?: string; pictures?: number[] } = {},
  ) => {
    const made = outside({ detail: () => answer })
    const words = {
      ...(action.text === undefined ? {} : { text: action.text }),
      pictures: (action.pictures ?? []).map(hashOf),
    }
    const looked =
      kind === 'respond'
        ? await made.respond.look(jobOf<'respond'>({ kind, stance: 'agree', ...words }))
        : await made.evidence.look(jobOf<'add-evidence'>({ kind, ...words }))
    expect(made.transport.asked.every((one) => one.path === detailPath || one.path === '/cgi-bin/stable_token')).toBe(
      true,
    )
    return looked
  }
  const short = { text: '同意' }
  const long = { text: '同意退款，已为您办理，请留意到账' }
  test.each([
    // what stands there → what it means
    ['respond', history(201), short, 'absent'],
    ['respond', history(203, step(109, '同意')), short, 'done'],
    ['respond', history(204, step(109, '同意')), short, 'done'],
    ['respond', history(204, step(109, ' 同意\n')), short, 'done'],
    ['respond', history(201, step(109, '同意')), short, 'done'],
    ['respond', history(204, step(109, '同意', now - 299)), short, 'done'],
    ['respond', history(204, step(109, '同意', now - 301)), short, 'failed'],
    ['respond', history(201, step(109, '同意', now - 301)), short, 'absent'],
    ['respond', history(204, step(109, '不同意')), short, 'failed'],
    ['respond', history(204, step(109, `商家回应：${long.text}`)), long, 'done'],
    ['respond', history(204, step(8, '同意')), short, 'failed'],
    ['respond', history(202, step(101, undefined)), short, 'failed'],
    ['respond', history(102, step(12, undefined)), short, 'failed'],
    ['respond', detail({ status: 204 }, { item: [] }), short, 'unknown'],
    ['respond', detail({ status: 201 }, { item: [] }), short, 'absent'],
    ['respond', history(204, step(109, undefined, now, ['a', 'b'])), { pictures: [1, 2] }, 'done'],
    ['respond', history(204, step(109, undefined, now, ['a'])), { pictures: [1, 2] }, 'failed'],
    ['respond', history(204, step(109, '别的', now, ['a', 'b'])), { pictures: [1, 2] }, 'failed'],
    ['add-evidence', history(106), short, 'absent'],
    ['add-evidence', history(108), short, 'absent'],
    ['add-evidence', history(108, step(8, '同意')), short, 'done'],
    ['add-evidence', history(107, step(8, '同意')), short, 'done'],
    ['add-evidence', history(108, step(8, '早先的', now - 3000)), short, 'absent'],
    ['add-evidence', history(106, step(109, '同意')), short, 'absent'],
    ['add-evidence', history(307, step(112, undefined)), short, 'failed'],
    ['add-evidence', history(399), short, 'failed'],
  ] as const)('%s: %j with %j is %s', async (kind, answer, action, outcome) => {
    const looked = await look(kind, answer, action as { text?: string; pictures?: number[] })
    expect(looked.outcome).toBe(outcome)
    if (outcome === 'failed') expect(looked).toMatchObject({ again: false, moved: true })
    if (outcome === 'done') expect(looked).toEqual({ outcome: 'done', reference: '2157' })
  })
  test('that gets no answer throws: nothing was learned', async () => {
    const { respond } = outside({ detail: () => http(502) })
    await expect(respond.look(jobOf<'respond'>(agree))).rejects.toMatchObject({ trouble: 'unreachable' })
  })
  test('what is asked about began when the first call was made', async () => {
    const { respond } = outside({ detail: () => history(204, step(109, agree.text, seconds('2026-11-21T06:00:00Z'))) })
    expect(await respond.look(jobOf<'respond'>(agree))).toMatchObject({ outcome: 'failed' })
    expect(
      await respond.look(jobOf<'respond'>(agree, { since: instant(Date.parse('2026-11-21T05:59:59Z')) })),
    ).toMatchObject({ outcome: 'done' })
  })
})

test('there are just the deeds of this platform: a capability is a function that is there', () => {
  const { platform } = outside({})
  expect(Object.keys(platform.deeds({ account: account() })).sort()).toEqual([
    'add-evidence',
    'appeal',
    'prove-refund',
    'respond',
  ])
})
