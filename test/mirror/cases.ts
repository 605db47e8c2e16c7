import { type IdName, type Ids, idNames } from './side.ts'

/** A request that is good with the ids of whoever sends it. */
export interface Asked {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}
export type Case = (of: Ids) => Asked

const money = (order: string, amount: number) => ({ order, amount, confirm: { amount } })
const named = (name: string) => ({ headers: { 'idempotency-key': `mirror-${name}` } })
const page = (cursor: string) => ({ limit: '1', cursor })
const acting = (running: string, body: object, more: Partial<Asked> = {}): Asked => ({
  params: { running },
  body,
  ...more,
})

/** For each operation below a business, by its id: every place of it that takes an id is taken from `of`. */
export const cases: Readonly<Record<string, readonly Case[]>> = {
  exportTenant: [() => ({})],
  getTenant: [() => ({})],
  changeTenant: [() => ({ body: { refundDay: 500_000 } })],
  createAccount: [
    () => ({
      body: {
        ...{ platform: 'wechat-mini', outsideId: 'wx00000000000000ff', name: '又一个' },
        secrets: { secret: '0123456789abcdef0123456789abcdef', token: 'Token1', aesKey: 'a'.repeat(43) },
      },
    }),
  ],
  listAccounts: [() => ({})],
  getAccount: [({ account }) => ({ params: { account } })],
  changeAccount: [({ account, mchid }) => ({ params: { account }, body: { settings: { payer: mchid } } })],
  createAccountMerchant: [
    ({ pay }) => ({ params: { account: pay }, body: { outsideId: '1900009999', name: '又一家' } }),
  ],
  listAccountMerchants: [({ alipay }) => ({ params: { account: alipay } })],
  createAccountAuthorizationLink: [({ alipay }) => ({ params: { account: alipay } })],
  listAccountWaitingAuthorizations: [({ alipay }) => ({ params: { account: alipay } })],
  claimMerchant: [
    ({ alipay, code }) => ({ params: { account: alipay }, body: { code } }),
    ({ alipay, outsideId }) => ({ params: { account: alipay }, body: { outsideId } }),
  ],
  getAccountMerchant: [({ alipay, merchant }) => ({ params: { account: alipay, merchant } })],
  changeAccountMerchant: [
    ({ alipay, merchant }) => ({ params: { account: alipay, merchant }, body: { company: '公司' } }),
  ],
  createBot: [
    () => ({ body: { kind: 'wecom-webhook', name: '又一个机器人', settings: {}, secrets: { token: 'token' } } }),
  ],
  listBots: [() => ({})],
  getBot: [({ bot }) => ({ params: { bot } })],
  changeBot: [({ bot }) => ({ params: { bot }, body: { name: '改名的机器人' } })],
  removeBot: [({ spareBot }) => ({ params: { bot: spareBot } })],
  createMember: [() => ({ body: { handle: 'another', name: '又一人', role: 'agent' } })],
  listMembers: [() => ({})],
  getMember: [({ member }) => ({ params: { member } })],
  changeMember: [({ spareMember }) => ({ params: { member: spareMember }, body: { refundEach: 500 } })],
  createMemberBindCode: [({ member }) => ({ params: { member } })],
  listDuty: [() => ({})],
  changeDuty: [
    ({ member }) => ({ body: { duties: [{ member, hours: '09:00-21:00' }] } }),
    ({ handle }) => ({ body: { duties: [{ member: handle }] } }),
  ],
  listRooms: [() => ({})],
  createRoom: [({ pushBot, account }) => ({ body: { bot: pushBot, title: '又一群', accounts: [account] } })],
  getRoom: [({ room }) => ({ params: { room } })],
  removeRoom: [({ spareRoom }) => ({ params: { room: spareRoom } })],
  createRoomCode: [({ account }) => ({ body: { accounts: [account] } })],
  createChannel: [
    ({ account }) => ({
      body: {
        ...{ kind: 'email', name: '又一邮箱', accounts: [account] },
        settings: { preset: '163', user: 'other@163.com' },
        secrets: { password: 'password' },
      },
    }),
  ],
  listChannels: [() => ({})],
  getChannel: [({ channel }) => ({ params: { channel } })],
  changeChannel: [({ channel, account }) => ({ params: { channel }, body: { accounts: [account] } })],
  removeChannel: [({ spareChannel }) => ({ params: { channel: spareChannel } })],
  testChannel: [({ channel, recipient }) => ({ params: { channel }, body: { recipient } })],
  listChannelLog: [({ channel }) => ({ params: { channel }, query: { limit: '5' } })],
  createChannelRecipient: [
    ({ channel }) => ({ params: { channel }, body: { address: 'new@example.com', label: '又一人', wants: ['new'] } }),
  ],
  listChannelRecipients: [({ channel }) => ({ params: { channel } })],
  getChannelRecipient: [({ channel, recipient }) => ({ params: { channel, recipient } })],
  changeChannelRecipient: [
    ({ channel, recipient }) => ({ params: { channel, recipient }, body: { address: 'next@example.com' } }),
  ],
  removeChannelRecipient: [({ channel, spareRecipient }) => ({ params: { channel, recipient: spareRecipient } })],
  createChannelBindRequest: [({ official }) => ({ params: { channel: official }, body: { label: '又一人' } })],
  listDeadLetters: [({ lettersCursor }) => ({ query: page(lettersCursor) })],
  retryDeadLetters: [({ deadLetter }) => ({ body: { ids: [deadLetter] } })],
  dismissDeadLetters: [({ otherLetter }) => ({ body: { ids: [otherLetter] } })],
  createTemplate: [() => ({ body: { name: '又一模板', text: '话' } })],
  listTemplates: [() => ({})],
  getTemplate: [({ template }) => ({ params: { template } })],
  changeTemplate: [({ template }) => ({ params: { template }, body: { position: 1 } })],
  removeTemplate: [({ spareTemplate }) => ({ params: { template: spareTemplate } })],
  createRule: [
    ({ account, template, picture }) => ({
      body: {
        ...{ name: '又一规则', accounts: [account] },
        act: { kind: 'respond', stance: 'talk', template, pictures: [picture] },
      },
    }),
  ],
  listRules: [() => ({})],
  getRule: [({ rule }) => ({ params: { rule } })],
  changeRule: [
    ({ rule, account, template, picture }) => ({
      params: { rule },
      body: {
        accounts: [account],
        position: 1,
        act: { kind: 'respond', stance: 'talk', template, pictures: [picture] },
      },
    }),
  ],
  listRuleTry: [({ rule }) => ({ params: { rule } })],
  removeRule: [({ spareRule }) => ({ params: { rule: spareRule } })],
  getBreaker: [() => ({})],
  changeBreaker: [() => ({ body: { limit: 25 } })],
  resetBreaker: [() => ({})],
  createPicture: [() => ({ body: { base64: 'R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==' } })],
  listComplaints: [({ complaintsCursor }) => ({ query: page(complaintsCursor) })],
  getComplaint: [({ running }) => ({ params: { running } })],
  listComplaintFacts: [
    ({ running }) => ({ params: { running } }),
    ({ factsCursor }) => ({ params: { running: '1' }, query: page(factsCursor) }),
  ],
  createComplaintAction: [
    ({ running }) => acting(running, { kind: 'note', text: '备注' }),
    ({ running, member }) => acting(running, { kind: 'assign', member }),
    ({ running, handle }) => acting(running, { kind: 'claim', member: handle }),
    ({ running }) => acting(running, { kind: 'release' }),
    ({ running, picture }) =>
      acting(running, { kind: 'respond', stance: 'refuse', text: '有凭证', pictures: [picture] }),
    ({ running, order }) => acting(running, { kind: 'refund', ...money(order, 100) }, named('refund')),
    ({ paidOrder }) =>
      acting('4', { kind: 'decide-refund', verdict: 'approve', refund: money(paidOrder, 100) }, named('decided')),
  ],
  listComplaintActions: [({ running }) => ({ params: { running } })],
  getComplaintAction: [({ action }) => ({ params: { running: '2', action } })],
  withdrawComplaintAction: [({ waitingAction }) => ({ params: { running: '1', action: waitingAction } })],
  listComplaintLinks: [({ running }) => ({ params: { running } })],
  getComplaintLink: [({ link }) => ({ params: { running: '1', link } })],
  removeComplaintLink: [({ link }) => ({ params: { running: '1', link } })],
  removeComplaintLinks: [({ running }) => ({ params: { running } })],
  listComplaintRefundable: [({ running }) => ({ params: { running } })],
  importComplaint: [({ account, number }) => ({ params: { account }, body: { number } })],
  getAccountScore: [({ account }) => ({ params: { account }, query: { now: 'true' } })],
  takeAddress: [({ pay }) => ({ params: { account: pay } })],
  createTenantKey: [() => ({ body: { name: '又一钥匙' } })],
  listTenantKeys: [() => ({})],
  getTenantKey: [({ key }) => ({ params: { key } })],
  rotateTenantKey: [({ rotated }) => ({ params: { key: rotated }, body: { graceHours: 1 } })],
  revokeTenantKey: [({ revoked }) => ({ params: { key: revoked } })],
  listTenantAudit: [({ auditCursor }) => ({ query: page(auditCursor) })],
  listCallbacksParked: [() => ({})],
  replayCallback: [({ callback }) => ({ params: { callback } })],
  erasePerson: [({ phone }) => ({ body: { phone } })],
  examineTenant: [() => ({})],
}

/** Of the whole installation: a business's key may ask none of it, whatever is named. */
export const ofInstallation: Readonly<Record<string, Case>> = {
  importTenant: ({ handle }) => ({ body: { file: { redress: 'tenant', version: 1, tenant: { handle } } } }),
  createTenant: () => ({ body: { handle: 'third', name: '第三家' } }),
  listTenants: () => ({}),
  createKey: ({ tenant }) => ({ body: { name: '钥匙', tenant } }),
  listKeys: () => ({}),
  getKey: ({ key }) => ({ params: { key } }),
  rotateKey: ({ key }) => ({ params: { key }, body: {} }),
  revokeKey: ({ key }) => ({ params: { key } }),
  listAudit: ({ auditCursor }) => ({ query: page(auditCursor) }),
  makeBackup: () => ({ body: {} }),
  listJobs: () => ({}),
  replayJob: ({ callback }) => ({ params: { queue: 'drain', key: callback } }),
  getDoctor: () => ({}),
}

/** Settings that accounts need before the own request can be good, by the account's id. */
export const ready: Readonly<Record<string, (of: Ids) => Readonly<Record<string, object>>>> = {
  createAccountMerchant: ({ pay }) => ({ [pay]: { provider: true } }),
  createComplaintAction: ({ pay, account, mchid }) => ({ [pay]: { provider: null }, [account]: { payer: mchid } }),
}

/** Fields of queries and bodies that name nothing of ours. `outsideId` and `appid` are the platforms' own: see the case about them. */
export const plainFields: ReadonlySet<string> = new Set([
  ...['name', 'company', 'title', 'text', 'label', 'kind', 'language', 'zone', 'role', 'platform', 'wants', 'hours'],
  ...['access', 'which', 'limit', 'now', 'stance', 'verdict', 'choice', 'reason', 'base64', 'address', 'chat', 'mode'],
  ...['quiet', 'settings', 'secrets', 'for', 'reasons', 'platforms', 'has', 'lacks', 'sources', 'phases', 'owed'],
  ...['outsideId', 'handle'],
])

/** Names what a case takes, in the order in which it takes it. */
export function takenBy(one: Case): readonly IdName[] {
  const taken: IdName[] = []
  const names = Object.fromEntries(idNames.map((name) => [name, `<${name}>`])) as Ids
  one(
    new Proxy(names, {
      get(target, name) {
        if (idNames.includes(name as IdName)) taken.push(name as IdName)
        return target[name as IdName]
      },
    }),
  )
  return taken
}

const noughts = (like: string) => like.replace(/_.*/, (tail) => `_${'0'.repeat(tail.length - 1)}`)

/** Ids that nobody has ever had. */
export const neverOf = (own: Ids): Ids => ({
  ...(Object.fromEntries(idNames.map((name) => [name, noughts(own[name])])) as Ids),
  ...{ handle: 'nobody', picture: '0'.repeat(64), running: '999', order: '4299999999999999999999999999' },
  ...{
    paidOrder: '4299999999999999999999999998',
    link: 'AAAAAAAAAAAA',
    code: 'ZZZZZZZZZZ',
    outsideId: '2088999999999999',
  },
  ...{ number: '2999999', phone: '13700000000', appid: 'wx9999999999999999', mchid: '1999999999' },
  complaintsCursor: own.complaintsCursor.replace(/.{8}$/, 'AAAAAAAA'),
  factsCursor: own.factsCursor.replace(/.{8}$/, 'AAAAAAAA'),
  lettersCursor: own.lettersCursor.replace(/.{8}$/, 'AAAAAAAA'),
  auditCursor: own.auditCursor.replace(/.{8}$/, 'AAAAAAAA'),
})
