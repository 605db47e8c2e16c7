import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import { createWechat, type MiniProgram, serveWechat, type WechatOptions } from '../../sandbox/wechat/index.ts'
import type { ActionKind, ActionOf } from '../../src/complaints/action.ts'
import type { Complaint, Return } from '../../src/complaints/complaint.ts'
import { type ManualClock, manualClock, systemClock } from '../../src/core/clock.ts'
import { silent } from '../../src/core/logger.ts'
import { type Picture, pictureHash } from '../../src/core/picture.ts'
import { Secret } from '../../src/core/seal.ts'
import { createTransport } from '../../src/core/transport.ts'
import { asId, instant, type PictureHash } from '../../src/core/words.ts'
import type { Account, Job, Token, Tokens, Verdict } from '../../src/platforms/platform.ts'
import { createWechatMini } from '../../src/platforms/wechat-mini/index.ts'

// The mini program platform against a WeChat made by somebody else from the same documents, over real HTTP.
// What really happened is read from the sandbox's ledger, never from our own answers.

const appid = 'wxba5fad812f8e6fb9'
const secrets = {
  secret: 'c0ffee00c0ffee00c0ffee00c0ffee00',
  token: 'AAAAA',
  aesKey: 'kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR',
}
const png = (seed: number): Picture => {
  const bytes = Buffer.alloc(600, seed)
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes)
  return { type: 'image/png', bytes }
}
const hashOf = (picture: Picture): string => createHash('sha256').update(picture.bytes).digest('hex')

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

type How = Partial<Pick<MiniProgram, 'mode' | 'format' | 'orderShipping'>> &
  Partial<Pick<WechatOptions, 'rules' | 'quirks'>> & { readonly settings?: Account['settings'] }

async function world({ mode = 'safe', format = 'json', rules, quirks, settings, orderShipping = false }: How = {}) {
  const clock = manualClock(Date.UTC(2026, 10, 21, 2))
  const verdicts: Verdict[] = []
  const tokenCalls: string[] = []
  const pushed = await listen(async (method, url, body) => {
    const at = new URL(url, 'http://merchant.test')
    const request = { method, path: at.pathname, query: at.search.slice(1), headers: {}, body }
    const verdict = await platform.verify(account, request, instant(clock.now()))
    verdicts.push(verdict)
    if (verdict.verdict === 'handshake') return platform.reply({ echo: verdict.echo })
    return platform.reply(verdict.verdict === 'genuine' ? 'taken' : 'refused')
  })
  const wechat = createWechat({
    clock,
    random: randomBytes,
    deliver: deliverByHttp,
    programs: [
      {
        name: '青禾优选',
        appid,
        ...secrets,
        mode,
        format,
        orderShipping,
        pushUrl: `${pushed}/callbacks/wechat-mini/one`,
      },
    ],
    ...(rules ? { rules } : {}),
    ...(quirks ? { quirks } : {}),
  })
  const served = await serveWechat(wechat, { tickMs: 0 })
  closing.push(() => served.close())
  const account = { ...accountOf(mode), settings: { mode, ...settings } }
  const transport = createTransport({ clock: systemClock, timeout: 1_500 })
  closing.push(() => transport.close())
  const platform = createWechatMini({
    // The sandbox's time; only waits are real.
    clock: { now: clock.now, after: systemClock.after },
    transport: {
      send(request) {
        if (request.url.includes('/stable_token')) tokenCalls.push(String(request.body))
        return transport.send({ ...request, timeout: 1_500 })
      },
    },
    random: randomBytes,
    tokens: memoryTokens(),
    logger: silent,
    baseUrl: served.url,
  })
  /** Of each call for a token: was it forced? */
  const forced = () => tokenCalls.map((body) => JSON.parse(body).force_refresh ?? false)
  const uploads = new Map<PictureHash, { id: string }>()
  /** A customer complains; the number as the push names it. */
  const complained = async (more: object = {}) => {
    await wechat.complain({ appid, ...more })
    await wechat.idle()
    const verdict = verdicts.at(-1)
    if (verdict?.verdict !== 'genuine' || !verdict.number) throw new Error(`no complaint: ${JSON.stringify(verdict)}`)
    return verdict.number
  }
  const job = <Kind extends ActionKind>(
    number: string,
    action: ActionOf<Kind>,
    pictures: readonly Picture[] = [],
    returned?: Return,
  ): Job<Kind> => ({
    seat: { account },
    // A deed reads only the number, the scope and the return of the complaint.
    complaint: { number, scope: appid, ...(returned ? { returned } : {}) } as Complaint,
    action,
    since: instant(clock.now()),
    picture: async (hash) => found(pictures, hash),
    async uploaded(hash, upload) {
      const known = uploads.get(hash) ?? (await upload(found(pictures, hash)))
      uploads.set(hash, known)
      return known.id
    },
    async forgetUpload(hash) {
      uploads.delete(hash)
    },
  })
  const deeds = platform.deeds({ account })
  const [prove, appeal] = [deeds['prove-refund'], deeds.appeal]
  if (!deeds.respond || !deeds['add-evidence'] || !prove || !appeal) throw new Error('no deeds')
  return {
    clock,
    wechat,
    platform,
    verdicts,
    complained,
    job,
    uploads,
    forced,
    seat: { account },
    respond: deeds.respond,
    evidence: deeds['add-evidence'],
    prove,
    appeal,
  }
}

const found = (pictures: readonly Picture[], hash: PictureHash): Picture => {
  const picture = pictures.find((one) => pictureHash(one.bytes) === hash)
  if (!picture) throw new Error('no such picture')
  return picture
}

const accountOf = (mode: string): Account => ({
  id: asId('acc_1'),
  tenant: asId('ten_1'),
  platform: 'wechat-mini',
  name: '青禾优选',
  outsideId: appid,
  enabled: true,
  secrets: Object.fromEntries(Object.entries(secrets).map(([name, text]) => [name, new Secret(text)])),
  settings: { mode },
})

function memoryTokens(): Tokens {
  const held = new Map<string, Token>()
  return {
    read: async (id) => held.get(id),
    async write(id, token, seen) {
      const now = held.get(id)
      if (now && now.fence !== seen) return now
      const written = { ...token, fence: seen + 1 }
      held.set(id, written)
      return written
    },
  }
}

type Answering = (method: string, url: string, body: Buffer) => Promise<{ status: number; body: string | Buffer }>

async function listen(answer: Answering): Promise<string> {
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
    const { status, body } = await answer(incoming.method ?? '', incoming.url ?? '', Buffer.concat(chunks))
    response.writeHead(status).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

const agree = { kind: 'respond', stance: 'agree', text: '同意退款，已为您办理' } as const
const modes = ['plain', 'compatible', 'safe'] as const
const formats = ['json', 'xml'] as const
const everyWay = modes.flatMap((mode) => formats.map((format) => ({ mode, format })))

describe.each(everyWay)('pushed in $mode mode as $format', (how) => {
  test('the address check succeeds', async () => {
    const { wechat, verdicts } = await world(how)
    expect(await wechat.verifyUrl(appid)).toBe(true)
    expect(verdicts.map((one) => one.verdict)).toEqual(['handshake'])
  })
  test('a complaint is genuine, taken at the first try, and reads the same from the push and from the detail', async () => {
    const { wechat, platform, verdicts, complained, seat, clock } = await world(how)
    const photos = [png(1).bytes, png(2).bytes]
    const number = await complained({
      text: '苹果烂了 <六个> & "都"有磕碰',
      amount: 1990,
      type: 643,
      phone: '13800138000',
      product: '苹果 5 斤',
      photos,
    })
    expect(verdicts.length).toBe(1)
    expect(
      wechat
        .ledger()
        .filter((entry) => entry.by === 'push')
        .map((entry) => [entry.what, entry.attempt, entry.answer]),
    ).toEqual([['push', 1, '200 success']])
    const verdict = verdicts[0]
    if (verdict?.verdict !== 'genuine') throw new Error('not genuine')
    const said = await platform.fetch(seat, number)
    const alone = platform.provisional?.(seat.account, verdict.told, instant(clock.now()))
    expect(said).toMatchObject({
      phase: 'ours',
      code: '201',
      amountShown: 1990,
      reason: '商品问题 · 其他',
      product: '苹果 5 斤',
      warnings: [],
    })
    expect(said.moves).toMatchObject([
      { kind: 'respond', owed: true, due: '2026-11-23T02:00:00.000Z' },
      { kind: 'refund', owed: false },
    ])
    const same = [
      'source',
      'number',
      'scope',
      'phase',
      'code',
      'label',
      'orders',
      'outTradeNo',
      'text',
      'reason',
      'product',
      'amountShown',
      'openedAt',
    ] as const
    for (const name of same) expect([name, alone?.[name]]).toEqual([name, said[name]])
    expect(alone?.person).toEqual({ phone: said.person.phone, openid: said.person.openid })
    expect([alone?.moves, alone?.provisional]).toEqual([[], ''])
  })
  test('a repeated push has the same key; the next one another', async () => {
    const { wechat, verdicts, complained } = await world(how)
    wechat.misbehave({ on: 'push', how: 'duplicate' })
    const number = await complained()
    await wechat.move(Number(number), { kind: 'message', content: '请尽快' })
    await wechat.idle()
    const keys = verdicts.map((one) => (one.verdict === 'genuine' ? one.key : one.verdict))
    expect(keys.length).toBe(3)
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).not.toBe(keys[0])
  })
  test('every shape in which pushes have been seen names the complaint', async () => {
    const { wechat, complained } = await world(how)
    for (const shape of ['event-space', 'wrapped-json', 'history-array', 'numbers', 'content-in-json'] as const) {
      const trouble = wechat.misbehave({ on: 'push', how: 'shape', shape })
      expect(await complained()).toMatch(/^\d+$/)
      expect(trouble.happened).toBe(1)
    }
  })
  test('another event is genuine and no complaint', async () => {
    const { wechat, verdicts } = await world(how)
    wechat.misbehave({ on: 'push', how: 'other-event' })
    await wechat.complain({ appid })
    await wechat.idle()
    expect(verdicts.length).toBe(1)
    expect(verdicts[0]).toMatchObject({ verdict: 'genuine' })
    expect(verdicts[0]).not.toHaveProperty('number')
  })
  test.each([
    ['bad-signature', ['signature']],
    ['wrong-appid', ['wrong-account']],
    ...(how.mode === 'plain' ? [] : ([['damaged', ['ciphertext', 'encoding', 'malformed', 'wrong-account']]] as const)),
    ...(how.mode === 'plain' ? [] : ([['plain', ['wrong-mode']]] as const)),
  ] as const)('%s is refused', async (trouble, reasons) => {
    const { wechat, verdicts } = await world(how)
    const handle = wechat.misbehave({ on: 'push', how: trouble, times: 3 })
    await wechat.complain({ appid })
    await wechat.idle()
    expect(handle.happened).toBeGreaterThan(0)
    expect(verdicts.length).toBeGreaterThan(0)
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({ verdict: 'forged' })
      expect(reasons).toContain(verdict.verdict === 'forged' ? verdict.why : '')
    }
  })
})

describe('reading', () => {
  test.each([
    {},
    { cost: 'number', item: 'object', openid: 'openid', phone: 'string', id: 'string', numbers: 'string' },
    { cost: 'string', itemOrder: 'newest-first', avatar: false },
  ] as const)('the detail in the shape %j says the same', async (quirks) => {
    const { platform, complained, seat } = await world({ quirks })
    const number = await complained({ amount: 12_345, openid: 'oABC', phone: '13900001111', nickname: '林小满' })
    expect(await platform.fetch(seat, number)).toMatchObject({
      phase: 'ours',
      // Nickname and avatar may be missing together.
      person: { ...('avatar' in quirks ? {} : { name: '林小满' }), phone: '13900001111', openid: 'oABC' },
      orders: [expect.stringMatching(/^4200\d{24}$/)],
      amountShown: 12_345,
      timeline: [{ by: 'user', label: '用户发起投诉' }],
    })
  })
  test('the pictures of the complaint are the customer’s, byte for byte', async () => {
    const { platform, complained, seat } = await world()
    const photos = [png(3), png(4)]
    const said = await platform.fetch(seat, await complained({ photos: photos.map((one) => one.bytes) }))
    const fetched = await Promise.all(said.pictures.map((reference) => platform.picture(seat, reference)))
    expect(fetched.map(hashOf)).toEqual(photos.map(hashOf))
  })
  test('a state that no table knows is shown as it came', async () => {
    const { wechat, platform, complained, seat } = await world()
    const number = await complained()
    wechat.misbehave({ on: 'detail', how: 'status', status: 388 })
    expect(await platform.fetch(seat, number)).toMatchObject({ code: '388', phase: 'platform', moves: [] })
  })
  test('a complaint that is not there is not found', async () => {
    const { platform, seat } = await world()
    await expect(platform.fetch(seat, '999')).rejects.toMatchObject({ trouble: 'busy', code: '-1' })
  })
  test.each([
    [{ how: 'lost-request' }],
    [{ how: 'lost-answer' }],
    [{ how: 'malformed' }],
    [{ how: 'http', status: 502 }],
  ] as const)('after %j it may be asked again', async (trouble) => {
    const { wechat, platform, complained, seat } = await world()
    const number = await complained()
    wechat.misbehave({ on: 'detail', ...trouble })
    await expect(platform.fetch(seat, number)).rejects.toMatchObject({ trouble: 'unreachable' })
    expect((await platform.fetch(seat, number)).number).toBe(number)
  })
  test.each([
    [40001, false],
    [40014, false],
    [42001, false],
    [40001, true],
    [42001, true],
  ] as const)(
    'a token that dies with %d (normal mode insists on it: %j) is replaced unseen',
    async (errcode, sticky) => {
      const { wechat, platform, complained, seat, forced } = await world()
      const number = await complained()
      await platform.fetch(seat, number)
      wechat.misbehave({ on: 'detail', how: 'token', errcode, sticky })
      expect((await platform.fetch(seat, number)).number).toBe(number)
      expect(forced()).toEqual(sticky ? [false, false, true] : [false, false])
    },
  )
  test('the whole way of a case keeps its phases', async () => {
    const { wechat, platform, complained, seat, respond, job, clock } = await world()
    const number = await complained()
    const seen: string[] = []
    const note = async () => {
      const said = await platform.fetch(seat, number)
      const moves = said.moves.map((move) => move.kind + (move.owed ? '!' : ''))
      seen.push(`${said.code} ${said.phase} ${moves.join()}`.trim())
    }
    await note()
    await respond.perform(job<'respond'>(number, { kind: 'respond', stance: 'refuse', text: '商品无误' }))
    await note()
    for (const move of [
      { kind: 'ask-platform', content: '不同意' },
      { kind: 'ask-evidence', of: 'merchant' },
      { kind: 'take-up' },
      { kind: 'judge', verdict: 'return' },
      { kind: 'ship-return' },
      { kind: 'return-received' },
      { kind: 'pay' },
      { kind: 'finish-pay' },
    ] as const) {
      clock.advance(60_000)
      await wechat.move(Number(number), move)
      await note()
    }
    expect(seen).toEqual([
      '201 ours respond!,refund',
      '204 theirs refund',
      '101 platform refund',
      '106 platform add-evidence!,refund',
      '103 platform refund',
      '308 remedy refund',
      '309 remedy refund',
      '206 remedy prove-refund!,refund',
      '312 platform',
      '112 closed appeal',
    ])
  })
})

describe('acting', () => {
  const ofMerchant = (made: { wechat: ReturnType<typeof createWechat> }) =>
    made.wechat
      .ledger()
      .filter((entry) => entry.by === 'merchant')
      .map((entry) => [entry.what, entry.choice, entry.text])

  test('an answer arrives once, as it was meant', async () => {
    const made = await world()
    const number = await made.complained()
    expect(await made.respond.perform(made.job<'respond'>(number, agree))).toMatchObject({ outcome: 'done' })
    expect(ofMerchant(made)).toEqual([['respond', 'agree', agree.text]])
    expect(await made.respond.look(made.job<'respond'>(number, agree))).toMatchObject({ outcome: 'done' })
  })
  test('a refusal with a picture alone', async () => {
    const made = await world()
    const number = await made.complained()
    const picture = png(7)
    const action = { kind: 'respond', stance: 'refuse', pictures: [pictureHash(picture.bytes)] } as const
    const job = made.job<'respond'>(number, action, [picture])
    expect(await made.respond.perform(job)).toMatchObject({ outcome: 'done' })
    const entry = made.wechat.ledger().find((one) => one.by === 'merchant')
    expect([entry?.choice, entry?.media?.map((media) => media.sha256)]).toEqual(['refuse', [hashOf(picture)]])
    expect(await made.respond.look(job)).toMatchObject({ outcome: 'done' })
  })
  test('evidence with words and pictures, where it is asked for', async () => {
    const made = await world()
    const number = await made.complained()
    await made.respond.perform(made.job<'respond'>(number, agree))
    await made.wechat.move(Number(number), { kind: 'ask-platform' })
    await made.wechat.move(Number(number), { kind: 'ask-evidence', of: 'both' })
    const pictures = [png(8), png(9)]
    const action = {
      kind: 'add-evidence',
      text: '签收底单',
      pictures: pictures.map((one) => pictureHash(one.bytes)),
    } as const
    const job = made.job<'add-evidence'>(number, action, pictures)
    expect(await made.evidence.look(job)).toEqual({ outcome: 'absent' })
    expect(await made.evidence.perform(job)).toMatchObject({ outcome: 'done' })
    expect(await made.evidence.look(job)).toMatchObject({ outcome: 'done' })
    const entry = made.wechat
      .ledger()
      .filter((one) => one.by === 'merchant')
      .at(-1)
    expect([entry?.what, entry?.text, entry?.media?.map((media) => media.sha256)]).toEqual([
      'evidence',
      '签收底单',
      pictures.map(hashOf),
    ])
  })
  test('an uploaded picture that WeChat has dropped after three days is uploaded again', async () => {
    const made = await world()
    const picture = png(5)
    const action = { kind: 'respond', stance: 'agree', pictures: [pictureHash(picture.bytes)] } as const
    const first = await made.complained()
    await made.respond.perform(made.job<'respond'>(first, action, [picture]))
    await pass(made, 3 * 86_400_000 + 1000)
    const second = await made.complained()
    expect(await made.respond.perform(made.job<'respond'>(second, action, [picture]))).toMatchObject({
      outcome: 'done',
    })
    expect(made.wechat.calls().filter((call) => call.on === 'upload').length).toBe(2)
    expect(ofMerchant(made).length).toBe(2)
  })
  test('a second answer is refused by the state, and a look tells ours from another’s', async () => {
    const made = await world()
    const number = await made.complained()
    await made.respond.perform(made.job<'respond'>(number, agree))
    expect(await made.respond.perform(made.job<'respond'>(number, agree))).toMatchObject({ outcome: 'done' })
    expect(await made.respond.perform(made.job<'respond'>(number, { ...agree, text: '另一个人' }))).toMatchObject({
      outcome: 'failed',
      moved: true,
    })
    expect(ofMerchant(made).length).toBe(1)
  })
  test.each([
    [{ how: 'lost-answer' }, 'done'],
    [{ how: 'malformed' }, 'done'],
    [{ how: 'http', status: 502, effect: true }, 'done'],
    [{ how: 'errcode', errcode: -1, effect: true }, 'done'],
    [{ how: 'lost-request' }, 'absent'],
    [{ how: 'http', status: 502 }, 'absent'],
    [{ how: 'errcode', errcode: -1 }, 'absent'],
    [{ how: 'late-effect', ms: 30_000 }, 'done'],
  ] as const)('after %j nothing is known, and a look after a minute says %s', async (trouble, looked) => {
    const made = await world()
    const number = await made.complained()
    const handle = made.wechat.misbehave({ on: 'respond', ...trouble })
    const job = made.job<'respond'>(number, agree)
    expect(await made.respond.perform(job)).toEqual({ outcome: 'unknown' })
    expect(handle.happened).toBe(1)
    await pass(made, made.respond.settles)
    expect((await made.respond.look(job)).outcome).toBe(looked)
    if (looked === 'absent') expect(await made.respond.perform(job)).toMatchObject({ outcome: 'done' })
    expect(ofMerchant(made)).toEqual([['respond', 'agree', agree.text]])
  })
  test('a token that dies in the act costs one more call and happens once', async () => {
    const made = await world()
    const number = await made.complained()
    made.wechat.misbehave({ on: 'respond', how: 'token', errcode: 42001, sticky: true })
    expect(await made.respond.perform(made.job<'respond'>(number, agree))).toMatchObject({ outcome: 'done' })
    expect(ofMerchant(made).length).toBe(1)
  })
  test('WeChat’s own limits are told in its own words', async () => {
    const made = await world({ rules: { maxContent: 3 } })
    const number = await made.complained()
    expect(await made.respond.perform(made.job<'respond'>(number, agree))).toMatchObject({
      outcome: 'failed',
      again: false,
      message: expect.stringMatching(/^10001 .*\[.+\]/),
    })
    expect(ofMerchant(made)).toEqual([])
  })
})

describe('making good', () => {
  const said = { kind: 'prove-refund', text: '已原路退款，退款单号 50300001' } as const

  /** Judged against us; the customer may have to send the goods back first. */
  async function judged(how: How & { readonly goods?: 'arrived' | 'under way' | 'abnormal' } = {}) {
    const { goods, ...options } = how
    const made = await world(options)
    const number = await made.complained()
    await made.respond.perform(made.job<'respond'>(number, { kind: 'respond', stance: 'refuse', text: '商品无误' }))
    await made.wechat.move(Number(number), { kind: 'ask-platform' })
    await made.wechat.move(Number(number), { kind: 'judge', verdict: goods ? 'return' : 'liable' })
    if (goods) await made.wechat.move(Number(number), { kind: 'ship-return' })
    if (goods === 'arrived') await made.wechat.move(Number(number), { kind: 'return-received' })
    if (goods === 'abnormal') await made.wechat.move(Number(number), { kind: 'return-abnormal' })
    const snapshot = await made.platform.fetch(made.seat, number)
    const proofs = () => acts(made, 'proof')
    const job = (action: ActionOf<'prove-refund'>, pictures: readonly Picture[] = []) =>
      made.job<'prove-refund'>(number, action, pictures, snapshot.returned)
    return { ...made, number, snapshot, proofs, job }
  }
  const acts = (made: { wechat: ReturnType<typeof createWechat> }, what: string) =>
    made.wechat
      .ledger()
      .filter((entry) => entry.by === 'merchant' && entry.what === what)
      .map(({ choice, text, media }) => [choice, text, (media ?? []).map(({ sha256 }) => sha256)])

  test('a proof without a return: words and a picture, nothing about goods', async () => {
    const made = await judged()
    expect([made.snapshot.code, made.snapshot.returned]).toEqual(['206', undefined])
    const picture = png(6)
    const job = made.job({ ...said, pictures: [pictureHash(picture.bytes)] }, [picture])
    expect(await made.prove.look(job)).toEqual({ outcome: 'absent' })
    expect(await made.prove.perform(job)).toMatchObject({ outcome: 'done' })
    expect(await made.prove.look(job)).toMatchObject({ outcome: 'done' })
    expect(made.proofs()).toEqual([[undefined, said.text, [hashOf(picture)]]])
    expect((await made.platform.fetch(made.seat, made.number)).code).toBe('207')
  })
  test('a proof of a return that has arrived says so, with the number of the return', async () => {
    const made = await judged({ goods: 'arrived' })
    expect(made.snapshot).toMatchObject({ code: '206', returned: { carrier: '顺丰速运', label: '已签收' } })
    expect(made.snapshot.moves[0]?.takes.choices?.map(({ code }) => code)).toEqual(['received'])
    expect(await made.prove.perform(made.job({ ...said, received: true }))).toMatchObject({ outcome: 'done' })
    expect(made.proofs()).toEqual([['received', said.text, []]])
  })
  test('without a word about the goods it never leaves', async () => {
    const made = await judged({ goods: 'arrived' })
    const calls = made.wechat.calls().length
    expect(await made.prove.perform(made.job(said))).toMatchObject({ outcome: 'failed', again: false })
    expect(made.wechat.calls().length).toBe(calls)
  })
  test('a complaint whose return we have not heard of is refused by WeChat in its own words', async () => {
    const made = await judged({ goods: 'arrived' })
    const unaware = { ...made.job(said), complaint: { number: made.number, scope: appid } as Complaint }
    expect(await made.prove.perform(unaware)).toMatchObject({
      outcome: 'failed',
      again: false,
      message: expect.stringMatching(/^10001 /),
    })
    expect(made.proofs()).toEqual([])
  })
  test('"not received" stays here until the account says how it is spelled', async () => {
    const made = await judged({ goods: 'abnormal' })
    expect(made.snapshot.code).toBe('311')
    expect(await made.prove.perform(made.job({ ...said, received: false }))).toMatchObject({ outcome: 'failed' })
    expect(made.proofs()).toEqual([])
    const spelled = await judged({ goods: 'abnormal', settings: { notReceived: 2 } })
    expect(spelled.snapshot.moves[0]?.takes.choices?.map(({ code }) => code)).toEqual(['received', 'not-received'])
    expect(await spelled.prove.perform(spelled.job({ ...said, received: false }))).toMatchObject({ outcome: 'done' })
    expect(spelled.proofs()).toEqual([['not-received', said.text, []]])
  })
  test('a second proof is refused by the state (309), and a look tells ours from another’s', async () => {
    const made = await judged()
    await made.prove.perform(made.job(said))
    expect(await made.prove.perform(made.job(said))).toMatchObject({ outcome: 'done' })
    expect(await made.prove.perform(made.job({ ...said, text: '另一个人写的凭证' }))).toMatchObject({
      outcome: 'failed',
      moved: true,
    })
    expect(made.wechat.calls().filter(({ errcode }) => errcode === 309).length).toBe(2)
    expect(made.proofs().length).toBe(1)
  })
  test.each([
    [{ how: 'lost-answer' }, 'done'],
    [{ how: 'lost-request' }, 'absent'],
    [{ how: 'late-effect', ms: 30_000 }, 'done'],
  ] as const)('after %j nothing is known, and a look after a minute says %s', async (trouble, looked) => {
    const made = await judged()
    made.wechat.misbehave({ on: 'proof', ...trouble })
    const job = made.job(said)
    expect(await made.prove.perform(job)).toEqual({ outcome: 'unknown' })
    await pass(made, made.prove.settles)
    expect((await made.prove.look(job)).outcome).toBe(looked)
  })

  const plea = { kind: 'appeal', text: '商品按约发出，签收记录见附图' } as const
  async function lost(how: How = {}) {
    const made = await judged(how)
    await made.prove.perform(made.job(said))
    await made.wechat.move(Number(made.number), { kind: 'verify-proof' })
    const appealed = (action: ActionOf<'appeal'> = plea) => ({ ...made.job(said), action }) as Job<'appeal'>
    return { ...made, appealed }
  }
  test('an appeal in time is taken once, and its end is read', async () => {
    const made = await lost()
    const open = await made.platform.fetch(made.seat, made.number)
    expect(open).toMatchObject({ code: '115', phase: 'closed', moves: [{ kind: 'appeal', owed: false }] })
    expect(open.moves[0]?.due).toBe(instant(made.clock.now() + 72 * 3_600_000).replace(/\.\d+Z$/, '.000Z'))
    expect(await made.appeal.look(made.appealed())).toEqual({ outcome: 'absent' })
    expect(await made.appeal.perform(made.appealed())).toMatchObject({ outcome: 'done' })
    expect(await made.appeal.look(made.appealed())).toMatchObject({ outcome: 'done' })
    expect(await made.platform.fetch(made.seat, made.number)).toMatchObject({ phase: 'platform', moves: [] })
    // 1002: looked at, and found to be the answer to our own first call.
    expect(await made.appeal.perform(made.appealed())).toMatchObject({ outcome: 'done' })
    expect(acts(made, 'appeal').length).toBe(1)
    await made.wechat.move(Number(made.number), { kind: 'win-appeal' })
    const won = await made.platform.fetch(made.seat, made.number)
    expect([won.phase, won.label]).toEqual(['closed', '投诉已完结 · 申诉成功'])
    expect(won.timeline.map(({ label }) => label)).toEqual(expect.arrayContaining(['申诉中', '申诉成功']))
  })
  test('an appeal out of time (1002) is a failure only after a look', async () => {
    const made = await lost()
    await pass(made, 73 * 3_600_000)
    expect(await made.appeal.perform(made.appealed())).toMatchObject({
      outcome: 'failed',
      moved: true,
      message: expect.stringContaining('超过申诉时间'),
    })
    expect(made.wechat.calls().at(-2)?.errcode).toBe(1002)
    expect(acts(made, 'appeal')).toEqual([])
  })
  test.each([
    [{ how: 'lost-answer' }, 'done'],
    [{ how: 'lost-request' }, 'absent'],
  ] as const)('an appeal after %j: %s', async (trouble, looked) => {
    const made = await lost()
    made.wechat.misbehave({ on: 'appeal', ...trouble })
    expect(await made.appeal.perform(made.appealed())).toEqual({ outcome: 'unknown' })
    await pass(made, made.appeal.settles)
    expect((await made.appeal.look(made.appealed())).outcome).toBe(looked)
  })
})

describe('beside the pushes', () => {
  const within = (clock: ManualClock, days: number, calls: number) => ({
    from: instant(clock.now() - days * 86_400_000),
    to: instant(clock.now()),
    calls,
  })
  async function disputedOf(made: Awaited<ReturnType<typeof world>>, days = 30, calls = 200) {
    const found: (string | undefined)[] = []
    for await (const { order } of made.platform.disputed?.(made.seat, within(made.clock, days, calls)) ?? [])
      found.push(order)
    return found
  }
  test.each([{}, { orderRows: 'oldest-first' }] as const)(
    'orders in dispute are found among many: %j',
    async (quirks) => {
      const made = await world({ orderShipping: true, quirks })
      const now = Math.floor(made.clock.now() / 1000)
      for (let n = 1; n < 130; n++) await made.wechat.order({ appid, paidAt: now - n * 600 })
      made.wechat.misbehave({ on: 'push', how: 'withheld', times: 9 })
      const [near, far] = [
        await made.wechat.complain({ appid, paidAt: now - 3600 }),
        await made.wechat.complain({ appid, paidAt: now - 20 * 86_400 - 5_000 }),
      ]
      expect(await disputedOf(made)).toEqual([near.transactionId, far.transactionId])
      expect(await disputedOf(made, 2, 20)).toEqual([near.transactionId])
      const calls = made.wechat.calls().filter(({ on }) => on === 'orders').length
      expect(await disputedOf(made, 30, 3)).toEqual([near.transactionId])
      expect(made.wechat.calls().filter(({ on }) => on === 'orders').length - calls).toBe(3)
      await made.wechat.move(near.id, { kind: 'withdraw' })
      expect(await disputedOf(made, 2, 20)).toEqual([])
    },
  )
  test('without order shipping it is forbidden', async () => {
    await expect(disputedOf(await world())).rejects.toMatchObject({ trouble: 'forbidden', code: '48001' })
  })
  test.each([{}, { penaltyIds: 'number', penaltyOrder: 'payorder@' }] as const)(
    'the rating in the shape %j',
    async (quirks) => {
      const made = await world({ quirks })
      const number = await made.complained()
      await made.wechat.deduct({ complaint: Number(number), points: 3, wording: '未按约定时间发货' })
      const other = await made.wechat.deduct({ appid, points: 2 })
      await made.wechat.movePenalty(other.id, 'appeal')
      made.wechat.setGuarantee(appid, { isActived: false, msg: '未开通', reasons: ['类目不符'] })
      const order = made.wechat.complaint(Number(number))?.transactionId
      expect(await made.platform.standing?.(made.seat)).toEqual({
        score: 95,
        guarantee: { active: false, message: '未开通', reasons: ['类目不符'] },
        penalties: [
          expect.objectContaining({ minus: 2, label: '申诉中' }),
          expect.objectContaining({
            minus: 3,
            complaint: number,
            order,
            wording: '未按约定时间发货',
            label: '扣分审批通过',
          }),
        ],
      })
    },
  )
})

async function pass(made: { clock: ManualClock; wechat: ReturnType<typeof createWechat> }, ms: number): Promise<void> {
  made.clock.advance(ms)
  await made.wechat.advance()
  await made.wechat.idle()
}
