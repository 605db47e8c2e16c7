import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { deliverByHttp } from '../../sandbox/deliver.ts'
import {
  createWechatPay as createSandbox,
  type Merchant,
  type MerchantIdentity,
  mintMerchant,
  serveWechatPay,
  type WechatPayOptions,
} from '../../sandbox/wechat-pay/index.ts'
import type { Action, ActionKind } from '../../src/complaints/action.ts'
import type { Complaint, Snapshot } from '../../src/complaints/complaint.ts'
import { manualClock, systemClock } from '../../src/core/clock.ts'
import { silent } from '../../src/core/logger.ts'
import { type Picture, pictureHash } from '../../src/core/picture.ts'
import { Secret } from '../../src/core/seal.ts'
import { createTransport } from '../../src/core/transport.ts'
import { asId, fen, instant } from '../../src/core/words.ts'
import { deedFor } from '../../src/platforms/deed.ts'
import type { Account, Job, Seat, Verdict } from '../../src/platforms/platform.ts'
import { createWechatPay } from '../../src/platforms/wechat-pay/index.ts'
import { payeeOf } from '../../src/platforms/wechat-pay/orders.ts'
import type { RefundWish } from '../../src/platforms/wechat-pay/refund.ts'

// WeChat Pay as we speak to it against one made by somebody else from the same documents, over real HTTP.
// What really happened is read from the sandbox's ledger and its money, never from our own answers.

const mchid = '1900007291'
const sub = '1600000001'
const apiV3Key = 'a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb'
const start = Date.UTC(2026, 10, 21, 2)
const minute = 60_000

const png = (seed: number): Picture => {
  const bytes = Buffer.alloc(600, seed)
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').copy(bytes)
  return { type: 'image/png', bytes }
}
const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

// To make a key takes a tenth of a second.
let identity: MerchantIdentity | undefined
const identityOf = (): MerchantIdentity => {
  identity ??= mintMerchant({ mchid, random: randomBytes, now: start })
  return identity
}

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface How extends Partial<Pick<WechatPayOptions, 'rules' | 'quirks' | 'limits'>> {
  readonly verification?: Merchant['verification']
  readonly provider?: boolean
  readonly settings?: Account['settings']
}

async function world(how: How = {}) {
  const { verification = 'public-key', provider = false, rules, quirks, limits, settings } = how
  const clock = manualClock(start)
  const verdicts: Verdict[] = []
  const told: Buffer[] = []
  const pushed = await listen(async (method, path, headers, body) => {
    told.push(body)
    const request = { method, path, query: '', headers, body }
    const verdict = await platform.verify(account, request, instant(clock.now()))
    verdicts.push(verdict)
    return platform.reply(verdict.verdict === 'genuine' ? 'taken' : 'refused')
  })
  const { serial, certificate, privateKey } = identityOf()
  const sandbox = createSandbox({
    clock,
    random: randomBytes,
    deliver: (push, signal) =>
      deliverByHttp({ ...push, url: push.url.replace('https://redress.example', pushed) }, signal),
    merchants: [
      {
        mchid,
        name: '青禾优选',
        apiV3Key,
        certificateSerial: serial,
        publicKey: certificate,
        verification,
        notifyUrl: 'https://redress.example/hooks/acc_1',
        ...(provider ? { subMerchants: [{ mchid: sub, name: '小店' }] } : {}),
      },
    ],
    ...(rules ? { rules } : {}),
    ...(quirks ? { quirks } : {}),
    ...(limits ? { limits } : {}),
  })
  const served = await serveWechatPay(sandbox, { tickMs: 0 })
  closing.push(() => served.close())
  const { id, pem } = sandbox.publicKey(mchid)
  const byKey = verification !== 'certificates'
  const account: Account = {
    id: asId('acc_1'),
    tenant: asId('ten_1'),
    platform: 'wechat-pay',
    name: '青禾优选',
    outsideId: mchid,
    enabled: true,
    secrets: secretsOf({ apiV3Key, privateKey, certificate, ...(byKey ? { publicKey: pem } : {}) }),
    settings: {
      ...(byKey ? { publicKeyId: id } : {}),
      ...(verification === 'switching' ? { downloadCertificates: true } : {}),
      ...(provider ? { provider: true } : {}),
      ...settings,
    },
  }
  const transport = createTransport({ clock: systemClock, timeout: 1_500 })
  closing.push(() => transport.close())
  const platform = createWechatPay({
    // The sandbox's time; our waits move it on.
    clock: {
      now: clock.now,
      after: (ms, run) => {
        clock.step(ms)
        queueMicrotask(run)
        return () => undefined
      },
    },
    transport: { send: (request) => transport.send({ ...request, timeout: 1_500 }) },
    random: randomBytes,
    logger: silent,
    baseUrl: served.url,
  })
  const seat: Seat = { account }
  const pictures: Picture[] = []
  const cache = new Map<string, string>()
  const jobFor = (number: string, action: Action, since = clock.now()): Job<ActionKind> => {
    const found = (hash: string) => {
      const picture = pictures.find((one) => pictureHash(one.bytes) === hash)
      if (!picture) throw new Error('no such picture')
      return picture
    }
    return {
      seat,
      // A deed reads only the number.
      complaint: { number } as Complaint,
      action,
      since: instant(since),
      picture: async (hash) => found(hash),
      async uploaded(hash, upload) {
        const known = cache.get(hash) ?? (await upload(found(hash))).id
        cache.set(hash, known)
        return known
      },
      forgetUpload: async (hash) => void cache.delete(hash),
    }
  }
  const doing = (how: 'perform' | 'look') => (number: string, action: Action, since?: number) => {
    const deed = deedFor(platform, seat, action.kind)
    if (!deed) throw new Error(`no deed ${action.kind}`)
    return deed[how](jobFor(number, action, since))
  }
  const complained = async (more: object = {}): Promise<string> => {
    const { id: number } = await sandbox.complain({ mchid: provider ? sub : mchid, ...more })
    await sandbox.idle()
    return number
  }
  return {
    ...{ clock, sandbox, platform, verdicts, told, seat, account, pictures, complained },
    ...{ url: served.url, perform: doing('perform'), look: doing('look') },
    fetch: (number: string) => platform.fetch(seat, number),
    /** Time passes, and what was to happen happens. */
    async pass(ms: number) {
      clock.advance(ms)
      await sandbox.advance()
      await sandbox.idle()
    },
    did: (what: string) => sandbox.ledger().filter((entry) => entry.what === what),
  }
}

const secretsOf = (texts: Record<string, string>) =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, new Secret(text)]))

type Listening = (
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Buffer,
) => Promise<{ status: number; body: string | Buffer }>

async function listen(answer: Listening): Promise<string> {
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
    const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
    const { status, body } = await answer(incoming.method ?? '', incoming.url ?? '', headers, Buffer.concat(chunks))
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

const kinds = (snapshot: Snapshot) => snapshot.moves.map(({ kind, owed }) => (owed ? `${kind}!` : kind))
const talk = { kind: 'respond', stance: 'talk', text: '您好，已为您核实处理，请留意' } as const
const approve = { kind: 'decide-refund', verdict: 'approve' } as const
const reject = { kind: 'decide-refund', verdict: 'reject', reason: '商品已使用' } as const
const finish = { kind: 'finish' } as const

describe.each(['public-key', 'certificates', 'switching'] as const)('proved by %s', (verification) => {
  test('a complaint is pushed, taken at the first try, read and answered', async () => {
    const { verdicts, complained, fetch, perform, did, sandbox } = await world({ verification })
    const number = await complained({ text: '苹果烂了 <六个> & "都"有磕碰', amount: 1990, phone: '13800138000' })
    expect(verdicts).toMatchObject([{ verdict: 'genuine', number, event: 'COMPLAINT.CREATE CREATE_COMPLAINT' }])
    const pushes = sandbox.ledger().filter((entry) => entry.by === 'push')
    expect(pushes.map((entry) => [entry.attempt, entry.answer?.slice(0, 3)])).toEqual([[1, '200']])
    expect(await fetch(number)).toMatchObject({
      phase: 'ours',
      code: 'PENDING',
      text: '苹果烂了 <六个> & "都"有磕碰',
      amountShown: 1990,
      orders: [expect.stringMatching(/^4200\d{24}$/)],
      person: { phone: '13800138000' },
      openedAt: '2026-11-21T02:00:00.000Z',
      warnings: [],
    })
    expect(await perform(number, talk)).toMatchObject({ outcome: 'done' })
    expect(did('reply')).toMatchObject([{ complaint: number, text: talk.text, from: 'PENDING', to: 'PROCESSING' }])
  })
  test('twenty callbacks and answers are all believed, whichever key signs them', async () => {
    const { verdicts, complained, fetch, sandbox } = await world({ verification })
    if (verification !== 'public-key') sandbox.rotateCertificate()
    for (let n = 0; n < 20; n++) await fetch(await complained())
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(Array(20).fill('genuine'))
  })
})

describe('certificates', () => {
  test('that came and went are followed', async () => {
    const { complained, fetch, sandbox, pass, verdicts } = await world({ verification: 'certificates' })
    const number = await complained()
    await fetch(number)
    const [old] = sandbox.certificates()
    sandbox.rotateCertificate()
    sandbox.retireCertificate(old?.serial ?? '')
    await pass(2 * minute)
    await complained()
    expect(verdicts.at(-1)).toMatchObject({ verdict: 'genuine' })
    expect((await fetch(number)).number).toBe(number)
  })
  test('with a broken seal are none; the next try brings them', async () => {
    const { complained, fetch, sandbox } = await world({ verification: 'certificates' })
    const trouble = sandbox.misbehave({ on: 'certificates', how: 'bad-tag' })
    await sandbox.complain({ mchid })
    await sandbox.idle()
    expect(trouble.happened).toBe(1)
    const [one] = sandbox.complaints()
    await expect(fetch(one?.id ?? '')).resolves.toMatchObject({ number: one?.id })
    expect(await complained()).toBeDefined()
  })
})

describe('callbacks', () => {
  test.each(['unverifiable', 'probe', 'stale-timestamp'] as const)(
    '%s: refused; the repetition, signed anew, is taken',
    async (how) => {
      const { sandbox, verdicts, pass } = await world()
      const trouble = sandbox.misbehave({ on: 'complaint-push', how })
      await sandbox.complain({ mchid })
      await sandbox.idle()
      await pass(15_000)
      expect(trouble.happened).toBe(1)
      expect(verdicts).toMatchObject([{ verdict: 'forged' }, { verdict: 'genuine' }])
    },
  )
  test.each([
    ['bad-tag', 'ciphertext'],
    ['malformed', 'malformed'],
  ] as const)('%s: refused as %s, however well it is signed', async (how, why) => {
    const { sandbox, verdicts } = await world()
    sandbox.misbehave({ on: 'complaint-push', how })
    await sandbox.complain({ mchid })
    await sandbox.idle()
    expect(verdicts).toEqual([{ verdict: 'forged', why }])
  })
  test('repeated have the key of the first, signed anew each time; the next message another', async () => {
    const { sandbox, complained, verdicts } = await world()
    sandbox.misbehave({ on: 'complaint-push', how: 'duplicate' })
    const number = await complained()
    await sandbox.move(number, { kind: 'message', text: '请尽快' })
    await sandbox.idle()
    const keys = verdicts.map((one) => (one.verdict === 'genuine' ? one.key : one.verdict))
    expect(keys.length).toBe(3)
    expect(keys[0]).toBe(keys[1])
    expect(keys[2]).not.toBe(keys[0])
  })
  test('replayed an hour later are late', async () => {
    const { sandbox, complained, verdicts, pass } = await world()
    sandbox.misbehave({ on: 'complaint-push', how: 'replay', ms: 60 * minute })
    await complained()
    await pass(60 * minute)
    expect(verdicts).toMatchObject([{ verdict: 'genuine' }, { verdict: 'forged', why: 'late' }])
  })
  test.each(['unknown-event', 'unknown-action', 'version-1', 'no-associated-data', 'misspelt'] as const)(
    'of the shape %s name their complaint, and stand for it alone',
    async (shape) => {
      const { sandbox, complained, verdicts, platform, account, clock } = await world()
      sandbox.misbehave({ on: 'complaint-push', how: 'shape', shape })
      const number = await complained()
      const [verdict] = verdicts
      if (verdict?.verdict !== 'genuine') throw new Error(`not genuine: ${JSON.stringify(verdict)}`)
      expect(verdict.number).toBe(number)
      expect(platform.provisional?.(account, verdict.told, instant(clock.now()))).toMatchObject({
        number,
        moves: [],
        provisional: '',
      })
    },
  )
})

describe('reading', () => {
  test.each([
    {},
    { mchid: 'number', times: 'seconds', historyMedia: 'array' },
    { historyOrder: 'oldest-first', historyMedia: 'object' },
  ] as const)('in the shape %j says the same', async (quirks) => {
    const { sandbox, complained, fetch, pass } = await world({ quirks })
    const number = await complained({ phone: '13900001111', amount: 12_345 })
    await pass(minute)
    await sandbox.move(number, { kind: 'message', text: '请看图' })
    const said = await fetch(number)
    expect(said).toMatchObject({ phase: 'ours', amountShown: 12_345, person: { phone: '13900001111' }, warnings: [] })
    expect(said.timeline.map(({ by, label }) => `${by} ${label}`)).toEqual([
      'user 用户提交投诉',
      'platform 用户提交投诉（系统通知）',
      'user 用户留言',
    ])
  })
  test('the ends of what is owed are counted from what was said', async () => {
    const { sandbox, complained, fetch, pass, perform } = await world()
    const number = await complained()
    const due = async () =>
      (await fetch(number)).moves.map(({ kind, owed, due }) => (owed ? `${kind} ${due?.slice(5, 16)}` : kind))
    expect(await due()).toEqual(['respond 11-22T02:00', 'refund', 'finish 11-24T02:00'])
    await pass(60 * minute)
    await perform(number, talk)
    expect(await due()).toEqual(['respond', 'refund', 'finish 11-24T02:00'])
    await pass(60 * minute)
    await sandbox.move(number, { kind: 'message', text: '还没好' })
    expect(await due()).toEqual(['respond 11-22T04:00', 'refund', 'finish 11-24T02:00'])
    await perform(number, finish)
    expect(await due()).toEqual([])
    await pass(60 * minute)
    await sandbox.move(number, { kind: 'continue', text: '没有解决' })
    expect(await due()).toEqual(['respond 11-22T05:00', 'refund', 'finish 11-24T05:00'])
  })
  test.each([
    [{ phone: 'absent' }, []],
    [{ phone: 'broken' }, ['former key']],
    [{ state: 'ARCHIVED' }, ['ARCHIVED']],
    [{ orders: 'absent' }, []],
  ] as const)('%j is believed, with the warnings %j', async (quirks, words) => {
    const { complained, fetch } = await world({ quirks })
    const said = await fetch(await complained())
    expect(said.warnings.length).toBe(words.length)
    for (const word of words) expect(said.warnings.join()).toContain(word)
  })
  test('the platform’s help, urgent users, power banks and pay-score orders are seen', async () => {
    const { sandbox, complained, fetch } = await world()
    const number = await complained({
      needImmediateService: true,
      agentMode: true,
      tags: ['HIGH_RISK'],
      powerBank: true,
      payScore: true,
    })
    await sandbox.move(number, { kind: 'ask-platform', text: '请介入' })
    const said = await fetch(number)
    expect(said).toMatchObject({ phase: 'platform', product: expect.stringContaining('充电宝') })
    expect([said.warnings.length, said.person.openid]).toEqual([3, undefined])
    expect(said.timeline.at(-1)).toMatchObject({ by: 'user', label: '用户申请平台协助' })
  })
  test('pictures of the complaint and of the history are the customer’s, byte for byte', async () => {
    const { sandbox, complained, fetch, platform, seat } = await world()
    const photos = [png(3), png(4)]
    const number = await complained({ photos: photos.map(({ bytes }) => bytes) })
    await sandbox.move(number, { kind: 'message', text: '图' })
    const said = await fetch(number)
    const references = [...said.pictures, ...said.timeline.flatMap(({ pictures }) => pictures)]
    expect(references.length).toBeGreaterThanOrEqual(4)
    const fetched = await Promise.all(references.map((reference) => platform.picture(seat, reference)))
    expect(new Set(fetched.map(({ bytes }) => hashOf(bytes)))).toEqual(
      new Set(photos.map(({ bytes }) => hashOf(bytes))),
    )
  })
  test('an answer that names another merchant is shown with a warning', async () => {
    const { sandbox, complained, fetch } = await world()
    const number = await complained()
    sandbox.misbehave({ on: 'detail', how: 'wrong-mchid' })
    expect((await fetch(number)).warnings.join()).toContain('1999999999')
  })
  test.each(['unverifiable', 'probe', 'stale-timestamp', 'malformed', 'lost-answer', 'frequency-limited'] as const)(
    '%s once is asked for again',
    async (how) => {
      const { sandbox, complained, fetch } = await world()
      const number = await complained()
      const trouble = sandbox.misbehave({ on: 'detail', how })
      expect((await fetch(number)).number).toBe(number)
      expect(trouble.happened).toBe(1)
    },
  )
  test('a complaint that is not there is not found', async () => {
    const { fetch } = await world()
    await expect(fetch('200201820200101080076610000')).rejects.toMatchObject({
      trouble: 'refused',
      code: 'RESOURCE_NOT_EXISTS',
    })
  })
  test('lists find what no callback told of, each once, over many pages and months', async () => {
    const { sandbox, platform, seat, pass, clock } = await world()
    const all: string[] = []
    for (let n = 0; n < 70; n++) {
      all.push((await sandbox.complain({ mchid })).id)
      if (n % 10 === 9) await pass(6 * 86_400_000)
    }
    const found: string[] = []
    for await (const { number } of platform.listed?.(seat, instant(start), instant(clock.now())) ?? [])
      found.push(number)
    expect(found.sort()).toEqual(all.sort())
    const read: Snapshot[] = []
    const [from, to] = [start - 86_400_000, start + 86_400_000]
    for await (const one of platform.created?.(seat, instant(from), instant(to)) ?? []) read.push(one)
    expect([read.length, read.every(({ person }) => person.openid !== undefined)]).toEqual([10, true])
  })
})

describe('acts', () => {
  test('a reply with pictures, and what the ledger holds of it', async () => {
    const { complained, perform, did, pictures, fetch } = await world()
    pictures.push(png(1), png(2))
    const number = await complained()
    const action = { ...talk, pictures: pictures.map(({ bytes }) => pictureHash(bytes)) }
    expect(await perform(number, action)).toMatchObject({ outcome: 'done' })
    expect(did('reply')[0]?.media?.map(({ sha256 }) => sha256)).toEqual(pictures.map(({ bytes }) => hashOf(bytes)))
    expect((await fetch(number)).timeline.at(-1)).toMatchObject({ by: 'merchant', text: talk.text })
  })
  test('a refund that was asked for is approved, paid, and closes the complaint', async () => {
    const { complained, perform, fetch, platform, account, pass } = await world()
    const number = await complained({ type: 'REFUND', amount: 1990 })
    const said = await fetch(number)
    expect(kinds(said)).toEqual(['respond!', 'decide-refund', 'refund', 'finish!'])
    expect(await perform(number, approve)).toMatchObject({ outcome: 'done' })
    expect((await fetch(number)).warnings.join()).toContain('已同意退款')
    const wish = await wishFor(platform, account, said.orders[0] ?? '', 1990)
    expect(await platform.payments.createRefund({ account }, wish)).toMatchObject({
      outcome: 'underway',
      abnormal: false,
    })
    await pass(minute)
    expect(await platform.payments.queryRefund({ account }, wish.number, wish)).toMatchObject({ outcome: 'done' })
    expect(await fetch(number)).toMatchObject({
      phase: 'closed',
      label: '已处理完成 · 已全额退款',
      moves: [],
      warnings: [],
    })
  })
  test('a rejection with its proof closes it at once', async () => {
    const { complained, perform, did, pictures, fetch } = await world()
    pictures.push(png(1))
    const number = await complained({ type: 'REFUND' })
    const action = { ...reject, text: '见图', pictures: pictures.map(({ bytes }) => pictureHash(bytes)) }
    expect(await perform(number, action)).toMatchObject({ outcome: 'done' })
    expect(did('reject')).toMatchObject([{ text: '商品已使用', media: [{ sha256: hashOf(png(1).bytes) }] }])
    expect((await fetch(number)).phase).toBe('closed')
  })
  const cases = [
    ['reply', 'reply', talk],
    ['decide', 'approve', approve],
    ['decide', 'reject', reject],
    ['complete', 'complete', finish],
  ] as const
  describe.each(cases)('%s (%s)', (on, what, action) => {
    test.each(['lost-answer', 'unverifiable', 'probe', 'stale-timestamp', 'late-effect'] as const)(
      '%s: unknown, the look finds it, and it was done once',
      async (how) => {
        const { sandbox, complained, perform, look, did, pass, clock } = await world()
        const number = await complained({ type: 'REFUND' })
        const since = clock.now()
        sandbox.misbehave(how === 'late-effect' ? { on, how, ms: 30_000 } : { on, how })
        expect(await perform(number, action)).toEqual({ outcome: 'unknown' })
        await pass(minute)
        expect(await look(number, action, since)).toEqual({ outcome: 'done', reference: number })
        expect(did(what).length).toBe(1)
      },
    )
    test('http 500 after the effect: the same', async () => {
      const { sandbox, complained, perform, look, did, clock } = await world()
      const number = await complained({ type: 'REFUND' })
      sandbox.misbehave({ on, how: 'http', status: 500, code: 'SYSTEM_ERROR', effect: true })
      expect(await perform(number, action)).toEqual({ outcome: 'unknown' })
      expect(await look(number, action, clock.now())).toMatchObject({ outcome: 'done' })
      expect(did(what).length).toBe(1)
    })
    test('lost before it arrived: the look says absent, and it may be done again', async () => {
      const { sandbox, complained, perform, look, did, pass, clock } = await world()
      const number = await complained({ type: 'REFUND' })
      sandbox.misbehave({ on, how: 'lost-request' })
      const since = clock.now()
      expect(await perform(number, action)).toEqual({ outcome: 'unknown' })
      await pass(minute)
      expect(await look(number, action, since)).toEqual({ outcome: 'absent' })
      expect(await perform(number, action, since)).toMatchObject({ outcome: 'done' })
      expect(did(what).length).toBe(1)
    })
    test('too many calls: not done, may be tried again', async () => {
      const { sandbox, complained, perform, did } = await world()
      const number = await complained({ type: 'REFUND' })
      sandbox.misbehave({ on, how: 'frequency-limited' })
      expect(await perform(number, action)).toMatchObject({ outcome: 'failed', again: true })
      expect(did(what).length).toBe(0)
    })
  })
  test('a second decision is no failure of the first', async () => {
    const { complained, perform, clock, did } = await world()
    const number = await complained({ type: 'REFUND' })
    const since = clock.now()
    await perform(number, approve)
    expect(await perform(number, approve, since)).toMatchObject({ outcome: 'done' })
    expect(await perform(number, reject, since)).toMatchObject({ outcome: 'failed', again: false })
    expect([did('approve').length, did('reject').length]).toEqual([1, 0])
  })
  test('a reply to what is closed is refused, and says so', async () => {
    const { complained, perform } = await world()
    const number = await complained()
    await perform(number, finish)
    expect(await perform(number, talk)).toMatchObject({
      outcome: 'failed',
      moved: true,
      message: expect.stringContaining('已处理完成'),
    })
  })
  test('a link that was not granted is refused in plain words', async () => {
    const { complained, perform, did } = await world({
      settings: { jump: { url: 'https://shop.example', text: '客服' } },
    })
    expect(await perform(await complained(), talk)).toMatchObject({
      outcome: 'failed',
      again: false,
      message: expect.stringContaining('外部链接'),
    })
    expect(did('reply')).toEqual([])
  })
})

async function wishFor(
  platform: ReturnType<typeof createWechatPay>,
  account: Account,
  transaction: string,
  amount: number,
  number = 'rdabcdefghijklmnopqrstuvwxyz23',
): Promise<RefundWish> {
  const order = await platform.payments.queryOrder(
    payeeOf({ account, ...(account.settings.provider ? { merchant } : {}) }),
    { transaction },
  )
  if (!order) throw new Error('no order')
  return { number, order: { transaction }, amount: fen(amount), total: order.total, reason: '商品有损坏' }
}
const merchant = { id: asId<'merchant'>('mer_1'), outsideId: sub, name: '小店' }

describe('money', () => {
  async function shop(how: How = {}, order: object = {}) {
    const made = await world(how)
    const { sandbox, platform, account } = made
    const paid = await sandbox.order({ mchid: how.provider ? sub : mchid, total: 1990, ...order })
    const payee = payeeOf({ account, ...(how.provider ? { merchant } : {}) })
    const { createRefund, queryRefund } = platform.payments
    return {
      ...made,
      paid,
      wish: await wishFor(platform, account, paid.transactionId, 990),
      create: (wish: RefundWish) => createRefund(payee, wish),
      query: (wish: RefundWish) => queryRefund(payee, wish.number, wish),
      /** What left the merchant for this order. */
      given: () =>
        sandbox
          .refunds()
          .filter((one) => one.transactionId === paid.transactionId && one.status !== 'CLOSED')
          .reduce((sum, { amount }) => sum + amount, 0),
    }
  }
  test('is given back once, however often the same is asked for', async () => {
    const { create, query, wish, given, pass, platform, seat, paid } = await shop()
    expect(await platform.orders?.(seat, [paid.transactionId])).toEqual([
      { number: paid.transactionId, paid: 1990, refunded: 0, paidAt: new Date(paid.paidAt).toISOString() },
    ])
    expect(await create(wish)).toMatchObject({ outcome: 'underway' })
    expect(await create(wish)).toMatchObject({ outcome: 'underway' })
    await pass(minute)
    expect(await create(wish)).toMatchObject({ outcome: 'done' })
    expect(await query(wish)).toMatchObject({ outcome: 'done', refund: { amount: 990, total: 1990 } })
    expect(given()).toBe(990)
    expect(await platform.orders?.(seat, [paid.transactionId])).toMatchObject([{ paid: 1990, refunded: 'unknown' }])
  })
  test('by a provider for its sub-merchant', async () => {
    const { create, query, wish, given } = await shop({ provider: true })
    expect(await create(wish)).toMatchObject({ outcome: 'underway' })
    expect(await query(wish)).toMatchObject({ outcome: 'underway' })
    expect(given()).toBe(990)
  })
  test.each(['lost-answer', 'unverifiable', 'probe', 'stale-timestamp', 'malformed'] as const)(
    '%s: unknown, then found by its number; given once',
    async (how) => {
      const { sandbox, create, query, wish, given } = await shop()
      sandbox.misbehave({ on: 'refund', how })
      expect(await create(wish)).toMatchObject({ outcome: 'unknown' })
      expect(await query(wish)).toMatchObject({ outcome: 'underway' })
      expect(await create(wish)).toMatchObject({ outcome: 'underway' })
      expect(given()).toBe(990)
    },
  )
  test('whose effect comes late is absent at first: only the same number may follow', async () => {
    const { sandbox, create, query, wish, given, pass } = await shop()
    sandbox.misbehave({ on: 'refund', how: 'late-effect', ms: 20_000 })
    expect(await create(wish)).toMatchObject({ outcome: 'unknown' })
    expect(await query(wish)).toEqual({ outcome: 'absent' })
    expect(await create(wish)).toMatchObject({ outcome: 'underway' })
    await pass(minute)
    expect(await query(wish)).toMatchObject({ outcome: 'done' })
    expect(given()).toBe(990)
  })
  test('limited, after the effect or before it: unknown, never failed', async () => {
    for (const effect of [true, false]) {
      const { sandbox, create, query, wish, given } = await shop()
      sandbox.misbehave({ on: 'refund', how: 'frequency-limited', effect })
      expect(await create(wish)).toMatchObject({ outcome: 'unknown' })
      expect(await query(wish)).toMatchObject({ outcome: effect ? 'underway' : 'absent' })
      expect(await create(wish)).toMatchObject({ outcome: 'underway' })
      expect(given()).toBe(990)
    }
  })
  test('a refusal after the effect is not believed', async () => {
    const { sandbox, create, wish, given } = await shop()
    sandbox.misbehave({ on: 'refund', how: 'http', status: 400, code: 'INVALID_REQUEST', effect: true })
    expect(await create(wish)).toMatchObject({ outcome: 'underway' })
    expect(given()).toBe(990)
  })
  test('too little money: the same number works once it is topped up', async () => {
    const { sandbox, create, wish, given } = await shop()
    sandbox.setBalance(mchid, 1)
    expect(await create(wish)).toMatchObject({ outcome: 'failed', next: 'mended', code: 'NOT_ENOUGH' })
    sandbox.setBalance(mchid, 100_000)
    expect(await create(wish)).toMatchObject({ outcome: 'underway' })
    expect(given()).toBe(990)
  })
  test('a user who takes none: never', async () => {
    const { create, wish } = await shop({}, { payerAbnormal: true })
    expect(await create(wish)).toMatchObject({ outcome: 'failed', next: 'never', code: 'USER_ACCOUNT_ABNORMAL' })
  })
  test.each([
    ['SUCCESS', { outcome: 'done' }],
    ['ABNORMAL', { outcome: 'underway', abnormal: true }],
    ['CLOSED', { outcome: 'failed', next: 'closed' }],
    ['never', { outcome: 'underway', abnormal: false }],
  ] as const)('that ends %s', async (refundEnds, outcome) => {
    const { create, query, wish, pass } = await shop({}, { refundEnds })
    await create(wish)
    await pass(minute)
    expect(await query(wish)).toMatchObject(outcome)
  })
  test('the same number with another amount stops for a person', async () => {
    const { create, wish, given } = await shop()
    await create(wish)
    expect(await create({ ...wish, amount: fen(1000) })).toMatchObject({ outcome: 'differs', refund: { amount: 990 } })
    expect(given()).toBe(990)
  })
  test('more than is left is refused by them too', async () => {
    const { create, wish, given, pass } = await shop()
    await create(wish)
    await pass(2 * minute)
    const more = { ...wish, number: 'rdbbbbbbbbbbbbbbbbbbbbbbbbbbbb', amount: fen(1001) }
    expect(await create(more)).toMatchObject({ outcome: 'failed', next: 'never', code: 'INVALID_REQUEST' })
    expect(given()).toBe(990)
  })
  test('orders of others, and numbers that nobody has, are none', async () => {
    const { platform, account } = await world()
    expect(
      await platform.payments.queryOrder({ account }, { transaction: '4200000404201909069117582536' }),
    ).toBeUndefined()
    expect(await platform.payments.queryRefund({ account }, 'rdabcdefgh')).toEqual({ outcome: 'absent' })
  })
})

describe('the address for callbacks', () => {
  const url = 'https://redress.example/hooks/acc_2'
  test.each([400, 404])('is compared, set, replaced and taken out; none is said with %d', async (notifyMissing) => {
    const { platform, account, sandbox } = await world({ rules: { notifyMissing } })
    expect(await platform.notifyUrl.keep(account, { url, replace: false })).toEqual({
      is: 'other',
      url: 'https://redress.example/hooks/acc_1',
    })
    expect(sandbox.notifyUrl(mchid)).toBe('https://redress.example/hooks/acc_1')
    await platform.notifyUrl.keep(account, { url, replace: true })
    expect(sandbox.notifyUrl(mchid)).toBe(url)
    await platform.notifyUrl.remove(account)
    await platform.notifyUrl.remove(account)
    expect(await platform.notifyUrl.keep(account, { url, replace: false })).toEqual({ is: 'none' })
    expect(await platform.notifyUrl.compare(account, url)).toEqual({ is: 'ours' })
  })
  test('set by a call whose answer was lost is set once', async () => {
    const { platform, account, sandbox } = await world()
    await platform.notifyUrl.remove(account)
    sandbox.misbehave({ on: 'notify-url', how: 'lost-answer', times: 1 })
    await platform.notifyUrl.keep(account, { url, replace: false })
    expect(sandbox.notifyUrl(mchid)).toBe(url)
  })
  test('the doctor sees that all is well', async () => {
    const { platform, seat } = await world()
    expect((await platform.inspect?.(seat))?.map(({ level }) => level)).toEqual(['ok', 'ok'])
  })
})

describe('a provider', () => {
  test('hears, reads and answers for its sub-merchants', async () => {
    const { complained, fetch, perform, did, verdicts, platform, seat } = await world({ provider: true })
    const number = await complained()
    expect(verdicts).toMatchObject([{ verdict: 'genuine', number }])
    expect((await fetch(number)).warnings).toEqual([])
    expect(await perform(number, talk)).toMatchObject({ outcome: 'done' })
    expect(did('reply')).toMatchObject([{ complaint: number, mchid: sub }])
    const found: string[] = []
    for await (const one of platform.listed?.(seat, instant(start), instant(start)) ?? []) found.push(one.number)
    expect(found).toEqual([number])
  })
})

test('a wrong key is refused by both sides, in words that say what to mend', async () => {
  const { platform, account, complained } = await world()
  const number = await complained()
  const other = mintMerchant({ mchid, random: randomBytes, now: start })
  const wrong = {
    ...account,
    secrets: { ...account.secrets, ...secretsOf({ privateKey: other.privateKey, certificate: other.certificate }) },
  }
  await expect(platform.fetch({ account: wrong }, number)).rejects.toMatchObject({
    trouble: 'forbidden',
    code: 'SIGN_ERROR',
  })
})

test('stays within the published limits of every call', async () => {
  const { documentedLimits } = await import('../../sandbox/wechat-pay/index.ts')
  const { sandbox, complained, fetch } = await world({ limits: documentedLimits })
  const numbers = []
  for (let n = 0; n < 3; n++) numbers.push(await complained())
  for (let n = 0; n < 150; n++) await fetch(numbers[n % 3] ?? '')
  expect(sandbox.calls().filter((call) => call.how === 'limit')).toEqual([])
})
