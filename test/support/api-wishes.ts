import { randomBytes } from 'node:crypto'
import { request } from '../../src/actions/request.ts'
import { Secret } from '../../src/core/seal.ts'
import { asId, type Instant, instant, later } from '../../src/core/words.ts'
import { queues } from '../../src/engine/queues.ts'
import { keepWaiting } from '../../src/storage/authorizations.ts'
import { setBreakerMost, tripBreaker } from '../../src/storage/breakers.ts'
import { findRunning } from '../../src/storage/complaints.ts'
import { sendJob } from '../../src/storage/jobs.ts'
import type { Wish } from './api-caller.ts'
import { bodies, canary, type Lab, type Params, png } from './api-world.ts'

type Drawn = Readonly<Record<string, unknown>>

/** Where an operation is asked for, and what stands there for all of its requests. */
export interface Place {
  readonly lab: Lab
  readonly params: Params
}

/** What a schema cannot say of an operation: which of the values that it lets through make sense. */
export interface Sense {
  /** What must be there. Default: a business. */
  readonly place?: (lab: Lab) => Promise<Params>
  /** A request that should be done, of values that were drawn by the schema. Default: just those. */
  readonly wish?: (place: Place, drawn: Drawn) => Promise<Wish> | Wish
  /** One that meets with what is there already: 409, where it is not by its Idempotency-Key alone. */
  readonly clash?: (place: Place) => Promise<Wish> | Wish
  /** One that lacks what makes it safe: 428, where it is not If-Match. */
  readonly unsafe?: (place: Place) => Wish
  /** Asks somebody outside, who lets us wait: time passes meanwhile. */
  readonly outside?: true
  /** How often it is done, where once takes long. */
  readonly times?: number
}

const at = async (lab: Lab): Promise<Params> => ({ tenant: await lab.tenant() })
const shop = { tenant: 'shop' }

/** Below a thing that is made for it. */
const below =
  (name: string, create: string, body: (lab: Lab) => object) =>
  async (lab: Lab): Promise<Params> => {
    const params = await at(lab)
    return { ...params, [name]: await lab.make(create, params, body(lab)) }
  }

/** Each is done to a new thing: it is gone afterwards, or another. */
const toNew =
  (name: string, create: string, body: (lab: Lab) => object | undefined) =>
  async ({ lab, params }: Place): Promise<Wish> => ({
    params: { ...params, [name]: await lab.make(create, params, body(lab)) },
  })

const without = (drawn: Drawn, ...names: readonly string[]): Drawn =>
  Object.fromEntries(Object.entries(drawn).filter(([name]) => !names.includes(name)))

const one = (nth: number) => (lab: Lab) => bodies.member(nth + lab.next())
const member = one(0)
const account = (lab: Lab) => bodies.account(lab.next())
const bot = (lab: Lab) => bodies.bot(lab.next())
const template = (lab: Lab) => bodies.template(lab.next())
const rule = (lab: Lab) => bodies.rule(lab.next())
const sms = (lab: Lab) => bodies.sms(lab, lab.next())
const recipient = (lab: Lab) => bodies.recipient(lab.next())
const key = (lab: Lab) => bodies.key(lab.next())

const inAccount = below('account', 'createAccount', account)
const inBot = below('bot', 'createBot', bot)
const inMember = below('member', 'createMember', member)
const inTemplate = below('template', 'createTemplate', template)
const inRule = below('rule', 'createRule', rule)
const inChannel = below('channel', 'createChannel', sms)
const inTenantKey = below('key', 'createTenantKey', key)
const inKey = async (lab: Lab): Promise<Params> => ({ key: await lab.make('createKey', {}, key(lab)) })
const inRoom = async (lab: Lab): Promise<Params> => {
  const params = await at(lab)
  return { ...params, room: await roomIn(lab, params) }
}
const inRecipient = async (lab: Lab): Promise<Params> => {
  const params = await inChannel(lab)
  return { ...params, recipient: await lab.make('createChannelRecipient', params, recipient(lab)) }
}

const pusherIn = (lab: Lab, params: Params) => lab.make('createBot', params, bodies.pusher(lab.next()))
const roomIn = async (lab: Lab, params: Params) =>
  lab.make('createRoom', params, { bot: await pusherIn(lab, params), title: '通知群' })

/** The name of another one, which is there already. */
const sameName =
  (create: string, body: (lab: Lab) => { readonly name: string }, field = 'name') =>
  async ({ lab, params }: Place): Promise<Wish> => {
    const taken = body(lab)
    await lab.make(create, params, taken)
    return { params, body: { [field]: taken.name } }
  }

const outsideIdOf = (nth: number): string => `wx${String(nth).padStart(16, '0')}`
const payAccount = async ({ w }: Lab): Promise<Params> => ({ ...shop, account: w.pay.merchants[0]?.account.id ?? '' })
const miniAccount = async ({ w }: Lab): Promise<Params> => ({ ...shop, account: w.account })
const alipayAccount = async ({ w }: Lab): Promise<Params> => ({ ...shop, account: w.alipay.apps[0]?.account ?? '' })

/** The second merchant number stands for others. */
const provider = async (lab: Lab): Promise<Params> => {
  const params = { ...shop, account: lab.w.pay.merchants[1]?.account.id ?? '' }
  await lab.ask('changeAccount', { params, body: { settings: { provider: true } } })
  return params
}
const merchant = (nth: number) => ({ outsideId: String(1_600_000_000 + nth), name: `子商户 ${nth}` })
const inMerchant = async (lab: Lab): Promise<Params> => {
  const params = await provider(lab)
  return { ...params, merchant: await lab.make('createAccountMerchant', params, merchant(lab.next())) }
}

/** A complaint at the mini program, open; its number in the business. */
const inComplaint = async (lab: Lab): Promise<Params> => {
  await lab.w.complain({ text: '没有收到货' })
  const { items } = (await lab.ask('listComplaints', { params: shop, query: 'which=all&limit=1' })).json
  return { ...shop, running: String(items[0].running) }
}
const inLink = async (lab: Lab): Promise<Params> => {
  const params = await inComplaint(lab)
  const { items } = (await lab.ask('listComplaintLinks', { params })).json
  return { ...params, link: String(items[0].id) }
}
const inPaidComplaint = async (lab: Lab): Promise<Params> => {
  await lab.w.pay.complain({ amount: 1_990 })
  const { items } = (await lab.ask('listComplaints', { params: shop, query: 'which=all&limit=1' })).json
  return { ...shop, running: String(items[0].running) }
}

/** An action that was written down as the process ended: its job rings at the next start. */
async function waiting(lab: Lab, { running = '' }: Params): Promise<string> {
  const { storage, platforms } = lab.w
  const complaint = await findRunning(storage.reads, lab.w.tenant.id, Number(running))
  if (!complaint) throw new Error('no complaint')
  const engine = { ...lab.w.engine, send: async () => {} }
  const requested = await request(
    { storage, platforms, engine },
    {
      ...{ tenant: lab.w.tenant.id, complaint: complaint.id, key: `fuzz ${lab.next()}` },
      action: { kind: 'respond', stance: 'agree', text: '您好' },
      by: { name: 'fuzz', via: 'api' },
      member: { role: 'admin' },
    },
  )
  if (requested.outcome !== 'accepted' && requested.outcome !== 'busy') throw new Error(JSON.stringify(requested))
  return requested.action.id
}

const now = ({ w }: Lab): Instant => instant(w.clock.now())

/** Only what is worth saying; the rest is asked as the schema has it. */
export const senses: Readonly<Record<string, Sense>> = {
  importTenant: {
    place: async (lab) => {
      const { tenant = '' } = await at(lab)
      for (const each of [1, 2]) await lab.make('createMember', { tenant }, one(each)(lab))
      await lab.make('createBot', { tenant }, bot(lab))
      await lab.make('createRule', { tenant }, rule(lab))
      await lab.make('createChannel', { tenant }, sms(lab))
      return { from: tenant }
    },
    wish: async ({ lab, params }, drawn) => {
      const file = (await lab.ask('exportTenant', { params: { tenant: params.from ?? '' } })).json
      const accounts = [
        { platform: 'wechat-mini', outsideId: outsideIdOf(lab.next()), name: 'a', enabled: true, settings: {} },
      ]
      return { body: { ...drawn, file: { ...file, accounts }, handle: `i-${lab.next()}`, apply: drawn.apply === true } }
    },
  },
  createTenant: {
    place: async () => ({}),
    wish: ({ lab }, drawn) => ({
      body: { ...drawn, handle: `${String(drawn.handle).slice(0, 20)}${lab.next()}`, zone: 'Europe/Berlin' },
    }),
  },
  listTenants: { place: async () => ({}) },
  changeTenant: { wish: ({ params }, drawn) => ({ params, body: without(drawn, 'reminding') }) },
  createAccount: {
    wish: ({ lab, params }, drawn) => ({ params, body: { ...drawn, ...bodies.account(lab.next()), settings: {} } }),
  },
  getAccount: { place: inAccount },
  changeAccount: {
    place: inAccount,
    wish: ({ params }, drawn) => ({
      params,
      body: { ...without(drawn, 'enabled'), settings: { mode: 'safe' }, secrets: { token: `${canary}new` } },
    }),
  },
  createAccountMerchant: {
    place: provider,
    wish: ({ lab, params }, drawn) => ({ params, body: { ...drawn, ...merchant(lab.next()) } }),
  },
  listAccountMerchants: { place: inMerchant },
  createAccountAuthorizationLink: { place: alipayAccount },
  listAccountWaitingAuthorizations: { place: alipayAccount },
  claimMerchant: {
    place: alipayAccount,
    wish: async ({ lab, params }, drawn) => {
      const nth = lab.next()
      const outsideId = String(2_088_100_000_000_000 + nth)
      const given = { outsideId, authAppId: `${2_021_100_000_000_000 + nth}`, token: new Secret(`${canary}${nth}`) }
      const { code } = await lab.w.storage.transaction((tx) => keepWaiting(tx, asId(params.account ?? ''), given))
      return { params, body: drawn.code === undefined ? { outsideId } : { code } }
    },
  },
  getAccountMerchant: { place: inMerchant },
  changeAccountMerchant: { place: inMerchant },
  createBot: {
    wish: ({ lab, params }, drawn) => ({
      params,
      body: { ...without(drawn, 'settings'), ...bodies.bot(lab.next()), enabled: drawn.enabled ?? true },
    }),
  },
  getBot: { place: inBot },
  changeBot: {
    place: inBot,
    wish: ({ params }, drawn) => ({
      params,
      body: { ...without(drawn, 'settings'), secrets: { token: `${canary}new` } },
    }),
    clash: sameName('createBot', (lab) => bodies.bot(lab.next())),
  },
  removeBot: {
    place: async (lab) => {
      const params = await at(lab)
      const pusher = await pusherIn(lab, params)
      await lab.make('createRoom', params, { bot: pusher, title: '群' })
      return { ...params, bot: await lab.make('createBot', params, bot(lab)), pusher }
    },
    wish: toNew('bot', 'createBot', bot),
    clash: ({ params }) => ({ params: { ...params, bot: params.pusher ?? '' } }),
  },
  createMember: { wish: ({ lab, params }, drawn) => ({ params, body: { ...drawn, handle: `h${lab.next()}` } }) },
  getMember: { place: inMember },
  changeMember: { place: inMember },
  createMemberBindCode: {
    place: inMember,
    clash: async ({ lab, params }) => {
      const off = { ...one(0)(lab), enabled: false }
      return { params: { ...params, member: await lab.make('createMember', params, off) } }
    },
  },
  changeDuty: {
    place: async (lab) => {
      const params = await at(lab)
      await lab.make('createMember', params, { ...bodies.member(1), handle: 'li' })
      return params
    },
    wish: ({ lab, params }) => ({ params, body: { duties: [{ member: 'li', hours: hours(lab.next()) }] } }),
  },
  createRoom: {
    wish: async ({ lab, params }, drawn) => ({
      params,
      body: { ...without(drawn, 'accounts'), bot: await pusherIn(lab, params), title: `群 ${lab.next()}` },
    }),
  },
  getRoom: { place: inRoom },
  removeRoom: {
    place: inRoom,
    wish: async ({ lab, params }) => ({ params: { ...params, room: await roomIn(lab, params) } }),
  },
  createRoomCode: { wish: ({ params }, drawn) => ({ params, body: without(drawn, 'accounts') }) },
  createChannel: {
    wish: ({ lab, params }, drawn) => ({ params, body: { ...without(drawn, 'accounts'), ...sms(lab) } }),
  },
  getChannel: { place: inChannel },
  changeChannel: {
    place: inChannel,
    wish: ({ params }, drawn) => ({ params, body: without(drawn, 'accounts', 'settings', 'secrets', 'enabled') }),
    clash: sameName('createChannel', sms),
  },
  removeChannel: { place: inChannel, wish: toNew('channel', 'createChannel', sms) },
  testChannel: {
    outside: true,
    place: inRecipient,
    wish: ({ params }, drawn) => ({
      params,
      body: drawn.recipient === undefined ? {} : { recipient: params.recipient },
    }),
  },
  listChannelLog: { place: inChannel },
  createChannelRecipient: {
    place: inChannel,
    wish: ({ lab, params }, drawn) => ({ params, body: { ...without(drawn, 'wants'), ...recipient(lab) } }),
  },
  listChannelRecipients: { place: inRecipient },
  getChannelRecipient: { place: inRecipient },
  changeChannelRecipient: {
    place: inRecipient,
    wish: ({ lab, params }, drawn) => ({
      params,
      body: { ...without(drawn, 'wants'), address: recipient(lab).address },
    }),
    clash: async ({ lab, params }) => {
      const taken = recipient(lab)
      await lab.make('createChannelRecipient', params, taken)
      return { params, body: { address: taken.address } }
    },
  },
  removeChannelRecipient: { place: inRecipient, wish: toNew('recipient', 'createChannelRecipient', recipient) },
  createChannelBindRequest: {
    outside: true,
    place: below('channel', 'createChannel', (lab) => bodies.official(lab, lab.next())),
    wish: ({ params }, drawn) => ({ params, body: without(drawn, 'wants') }),
  },
  createTemplate: { wish: ({ lab, params }, drawn) => ({ params, body: { ...drawn, ...template(lab) } }) },
  getTemplate: { place: inTemplate },
  changeTemplate: {
    place: inTemplate,
    wish: ({ lab, params }, drawn) => ({ params, body: { ...drawn, ...template(lab) } }),
    clash: sameName('createTemplate', template),
  },
  removeTemplate: {
    place: inTemplate,
    wish: toNew('template', 'createTemplate', template),
    clash: async ({ lab, params }) => {
      const used = await lab.make('createTemplate', params, template(lab))
      const act = { kind: 'respond', stance: 'talk', template: used }
      await lab.make('createRule', params, { ...rule(lab), act })
      return { params: { ...params, template: used } }
    },
  },
  createRule: {
    wish: ({ lab, params }, drawn) => ({
      params,
      body: { ...without(drawn, 'accounts', 'when', 'caps'), ...rule(lab) },
    }),
  },
  getRule: { place: inRule },
  changeRule: {
    place: inRule,
    wish: ({ lab, params }, drawn) => ({
      params,
      body: { ...without(drawn, 'accounts', 'when', 'caps'), ...rule(lab) },
    }),
    clash: sameName('createRule', rule),
  },
  listRuleTry: { outside: true, place: inRule },
  removeRule: { place: inRule, wish: toNew('rule', 'createRule', rule) },
  resetBreaker: {
    wish: async ({ lab, params }) => {
      const { id } = (await lab.ask('getTenant', { params })).json
      await lab.w.storage.transaction(async (tx) => {
        await setBreakerMost(tx, id, 3)
        await tripBreaker(tx, id, { count: 4, most: 3 })
      })
      return { params }
    },
  },
  createPicture: { wish: ({ params }) => ({ params, body: { base64: png() } }) },
  listComplaints: { place: inComplaint },
  getComplaint: { place: inComplaint },
  listComplaintFacts: { place: inComplaint },
  createComplaintAction: {
    outside: true,
    times: 44,
    place: inComplaint,
    wish: ({ lab, params }, drawn) => ({ params, body: deed(lab.next(), drawn) }),
    clash: ({ params }) => ({ params, body: { kind: 'note', text: '看', ifVersion: 0 } }),
    unsafe: ({ params }) => ({ params, body: { kind: 'refund', amount: 1, confirm: { amount: 1 } } }),
  },
  listComplaintActions: { place: inComplaint },
  listComplaintLinks: { place: inComplaint },
  removeComplaintLinks: { place: inComplaint },
  getComplaintLink: { place: inLink },
  removeComplaintLink: { place: inLink },
  getComplaintAction: {
    place: async (lab) => {
      const params = await inComplaint(lab)
      return { ...params, action: await waiting(lab, params) }
    },
  },
  withdrawComplaintAction: {
    place: async (lab) => {
      const params = await inComplaint(lab)
      const action = await waiting(lab, params)
      await lab.ask('withdrawComplaintAction', { params: { ...params, action } })
      return { ...params, action }
    },
    wish: async ({ lab, params }) => ({ params: { ...params, action: await waiting(lab, params) } }),
    clash: ({ params }) => ({ params }),
  },
  listComplaintRefundable: { outside: true, place: inPaidComplaint },
  importComplaint: {
    outside: true,
    times: 22,
    place: async (lab) => {
      const { id } = await lab.w.wechat.complain({ appid: lab.w.program.appid })
      await lab.w.settle()
      return { ...(await miniAccount(lab)), number: String(id) }
    },
    wish: ({ params }) => ({ params, body: { number: params.number } }),
  },
  getAccountScore: { outside: true, place: miniAccount },
  takeAddress: { outside: true, times: 22, place: payAccount },
  createKey: { place: async () => ({}), wish: (_, drawn) => ({ body: without(drawn, 'tenant') }) },
  listKeys: { place: async () => ({}) },
  getKey: { place: inKey },
  rotateKey: {
    place: inKey,
    wish: async ({ lab }, drawn) => ({ params: await inKey(lab), body: drawn }),
    clash: async ({ lab }) => {
      const params = await inKey(lab)
      await lab.ask('revokeKey', { params })
      return { params, body: {} }
    },
  },
  revokeKey: { place: inKey, wish: async ({ lab }) => ({ params: await inKey(lab) }) },
  getTenantKey: { place: inTenantKey },
  rotateTenantKey: {
    place: inTenantKey,
    wish: async ({ lab, params }, drawn) => ({
      params: { ...params, key: await lab.make('createTenantKey', params, key(lab)) },
      body: drawn,
    }),
  },
  revokeTenantKey: { place: inTenantKey, wish: toNew('key', 'createTenantKey', key) },
  listAudit: { place: async () => ({}) },
  makeBackup: { place: async () => ({}), wish: (_, drawn) => ({ body: drawn }), times: 22 },
  replayCallback: {
    place: async (lab) => {
      const params = await inComplaint(lab)
      const row = await lab.w.storage.reads.db.selectFrom('callback').select('id').executeTakeFirstOrThrow()
      return { ...params, callback: row.id }
    },
  },
  listJobs: { place: async () => ({}) },
  replayJob: {
    place: async (lab) => ({ queue: queues.announce, key: await jobFor(lab) }),
    wish: async ({ lab, params }) => ({ params: { ...params, key: await jobFor(lab) } }),
  },
  erasePerson: {
    wish: ({ params }) => ({ params, body: { phone: `138${randomBytes(4).readUInt32BE() % 1e8}`.padEnd(11, '0') } }),
  },
  getDoctor: { outside: true, place: async () => ({}), times: 22 },
  examineTenant: { outside: true, times: 22 },
}

/** One that is due tomorrow. */
async function jobFor(lab: Lab): Promise<string> {
  const named = `ntc_${lab.next()}`
  await lab.w.storage.transaction((tx) => sendJob(tx, queues.announce, named, later(now(lab), 86_400_000)))
  return named
}

const hours = (nth: number) => `${String(nth % 24).padStart(2, '0')}:00-${String((nth + 7) % 24).padStart(2, '0')}:30`

/** What stays with us can be done for ever; what goes to the platform once in a while. */
function deed(nth: number, drawn: Drawn): object {
  if (drawn.kind === 'note') return { ...without(drawn, 'ifVersion'), text: `${drawn.text}。` }
  if (nth % 3 === 0) return without(drawn, 'ifVersion', 'pictures')
  return nth % 3 === 1 ? { kind: 'assign', member: 'li' } : { kind: 'note', text: `记 ${nth}` }
}
