import { fen } from '../../../src/core/words.ts'
import * as accounts from '../../../src/storage/accounts.ts'
import * as audit from '../../../src/storage/audit.ts'
import * as authorizations from '../../../src/storage/authorizations.ts'
import * as bindCodes from '../../../src/storage/bind-codes.ts'
import * as bots from '../../../src/storage/bots.ts'
import * as keys from '../../../src/storage/keys.ts'
import * as members from '../../../src/storage/members.ts'
import * as merchants from '../../../src/storage/merchants.ts'
import * as polling from '../../../src/storage/polling.ts'
import * as rooms from '../../../src/storage/rooms.ts'
import * as seats from '../../../src/storage/seats.ts'
import * as templates from '../../../src/storage/templates.ts'
import * as tenants from '../../../src/storage/tenants.ts'
import type { Cases } from './cases.ts'
import { after, before, by, given, none, now } from './world.ts'

const shop = { handle: 'other', name: 'o', zone: 'Asia/Shanghai', language: 'en', secondPersonFrom: fen(1) } as const
const rest = { enabled: true, settings: {}, secrets: {} } as const

const people: Cases = {
  'tenants.createTenant': (tx) => tenants.createTenant(tx, shop),
  'tenants.findTenant': (tx) => tenants.findTenant(tx, 'shop'),
  'tenants.listTenants': (tx) => tenants.listTenants(tx),
  'tenants.setCaps': (tx, { tenant }) => tenants.setCaps(tx, tenant.id, { refundEach: fen(1) }),
  'tenants.nextRunning': (tx, { tenant }) => tenants.nextRunning(tx, tenant.id),
  'members.createMember': (tx, { tenant }) =>
    members.createMember(tx, { tenant: tenant.id, handle: 'x', name: 'x', role: 'agent', enabled: true }),
  'members.changeMember': (tx, { tenant, member }) => members.changeMember(tx, tenant.id, member.id, { name: 'y' }),
  'members.findMember': (tx, { tenant, member }) => members.findMember(tx, tenant.id, member.id),
  'members.memberCalled': (tx, { tenant }) => members.memberCalled(tx, tenant.id, 'li'),
  'members.listMembers': (tx, { tenant }) => members.listMembers(tx, tenant.id),
  'members.membersBehind': async (tx, { tenant }) => {
    await members.membersBehind(tx, { realm: 'r', user: 'u' })
    await members.membersBehind(tx, { realm: 'r', user: 'u', tenant: tenant.id })
  },
  'members.bindIdentity': (tx, { member }) => members.bindIdentity(tx, member, { realm: 'r', user: 'u' }),
  'members.identitiesOf': (tx, { tenant }) => members.identitiesOf(tx, tenant.id),
  'bots.createBot': (tx, { tenant }) => bots.createBot(tx, { ...rest, tenant: tenant.id, kind: 'browser', name: 'x' }),
  'bots.changeBot': (tx, { tenant, bot }) => bots.changeBot(tx, { tenant: tenant.id, id: bot.id }, { name: 'x' }),
  'bots.enableBot': (tx, { tenant, bot }) => bots.enableBot(tx, tenant.id, bot.id, false),
  'bots.removeBot': (tx, { tenant, bot }) => bots.removeBot(tx, tenant.id, bot.id),
  'bots.lockBot': (tx, { tenant, bot }) => bots.lockBot(tx, tenant.id, bot.id),
  'bots.listBots': (tx, { tenant }) => bots.listBots(tx, tenant.id),
  'bots.findBot': (tx, { bot }) => bots.findBot(tx, bot.id),
  'bots.enabledBots': (tx) => bots.enabledBots(tx),
  'rooms.createRoom': (tx, { tenant, bot }) =>
    rooms.createRoom(tx, {
      ...{ tenant: tenant.id, bot: bot.id, chat: 'h', topic: '', alone: true, title: 'h', language: 'en' },
    }),
  'rooms.findRoom': (tx, { room }) => rooms.findRoom(tx, room.id),
  'rooms.roomAt': (tx, { bot }) => rooms.roomAt(tx, bot.id, { chat: 'g' }),
  'rooms.listRooms': (tx, { tenant }) => rooms.listRooms(tx, tenant.id),
  'rooms.moveRooms': (tx, { bot }) => rooms.moveRooms(tx, bot.id, { chat: 'g' }, { chat: 'h' }),
  'rooms.setRoomLanguage': (tx, { room }) => rooms.setRoomLanguage(tx, room.id, 'en'),
  'rooms.removeRoom': (tx, { tenant, room }) => rooms.removeRoom(tx, tenant.id, room.id),
  'bind-codes.createBindCode': (tx, { tenant }) =>
    bindCodes.createBindCode(tx, { purpose: 'room', tenant: tenant.id, language: 'en' }),
  'bind-codes.useBindCode': (tx, { tenant }) => bindCodes.useBindCode(tx, 'x', 'room', tenant.id),
  'templates.createTemplate': (tx, { tenant }) => templates.createTemplate(tx, { ...words, tenant: tenant.id }),
  'templates.addStarters': (tx, { tenant }) => templates.addStarters(tx, tenant),
  'templates.listTemplates': (tx, { tenant }) => templates.listTemplates(tx, tenant.id),
  'templates.changeTemplate': async (tx, { tenant }) => {
    await templates.createTemplate(tx, { ...words, tenant: tenant.id })
    const made = await templates.createTemplate(tx, { ...words, name: 'b', tenant: tenant.id })
    if (made) await templates.changeTemplate(tx, tenant.id, made.id, { name: 'c', position: 1 })
  },
  'templates.removeTemplate': (tx, { tenant }) => templates.removeTemplate(tx, tenant.id, none()),
}

const words = { name: 'a', text: 'b', for: [], reasons: [], platforms: [] }

const keyed: Cases = {
  'keys.addKey': (tx) => keys.addKey(tx, { name: 'admin', hash: 'h' }),
  'keys.createKey': (tx) => keys.createKey(tx, { name: 'k', access: 'read', text: 't' }),
  'keys.findKey': (tx) => keys.findKey(tx, 't'),
  'keys.lockKey': (tx, { tenant }) => keys.lockKey(tx, none(), tenant.id),
  'keys.listKeys': async (tx, { tenant }) => [await keys.listKeys(tx, tenant.id), await keys.listKeys(tx, undefined)],
  'keys.endKey': (tx) => keys.endKey(tx, none(), now),
  'keys.revokeKey': (tx) => keys.revokeKey(tx, none()),
  'keys.othersRule': (tx) => keys.othersRule(tx, none()),
  'keys.keyUsed': (tx) => keys.keyUsed(tx, none()),
  'audit.addAudit': (tx) => audit.addAudit(tx, { key: none(), keyName: '', operation: '', target: '' }),
  'audit.letAuditGo': async (tx) => {
    for (const key of [none<'key'>(), none<'key'>()])
      await audit.addAudit(tx, { key, keyName: '', operation: 'x', target: '' })
    await audit.letAuditGo(tx, after, 9)
  },
  'audit.listAudit': async (tx, { tenant }) => {
    await audit.listAudit(tx, { tenant: undefined, limit: 9 })
    await audit.listAudit(tx, { tenant: undefined, before: 9, limit: 9 })
    await audit.listAudit(tx, { tenant: tenant.id, limit: 9 })
    await audit.listAudit(tx, { tenant: tenant.id, before: 9, limit: 9 })
  },
}

const seated: Cases = {
  'accounts.createAccount': (tx, { tenant }) =>
    accounts.createAccount(tx, { ...rest, tenant: tenant.id, platform: 'alipay', outsideId: '1', name: '' }),
  'accounts.changeAccount': async (tx, { tenant, account }) => {
    await accounts.changeAccount(tx, tenant.id, account.id, { enabled: false })
    await accounts.changeAccount(tx, tenant.id, account.id, { enabled: true })
  },
  'accounts.findAccount': (tx, { account }) => accounts.findAccount(tx, account.id),
  'accounts.heldAccounts': async (tx, { account }) => accounts.heldAccounts(tx)(account.id),
  'accounts.findAccountOf': (tx, { tenant, account }) => accounts.findAccountOf(tx, tenant.id, account.id),
  'accounts.lockAccount': (tx, { tenant, account }) => accounts.lockAccount(tx, tenant.id, account.id),
  'accounts.listAccounts': (tx, { tenant }) => accounts.listAccounts(tx, tenant.id),
  'accounts.enabledAccounts': (tx) => accounts.enabledAccounts(tx),
  'seats.readerOf': (tx, { account, merchant }) => seats.readerOf(tx, { account: account.id, merchant: merchant.id }),
  'seats.seatOf': (tx, { account, merchant }) => seats.seatOf(tx, { account: account.id, merchant: merchant.id }),
  'seats.payerOf': (tx, { account }) => seats.payerOf(tx, account),
  'seats.seatPaidBy': (tx, { account }) => seats.seatPaidBy(tx, { account: account.id }, account.id),
  'merchants.createMerchant': (tx, { tenant, account }) =>
    merchants.createMerchant(tx, { tenant: tenant.id, account: account.id, outsideId: 'n', name: 'n' }),
  'merchants.keepMerchant': async (tx, { tenant, account }) => {
    const under = { tenant: tenant.id, account: account.id }
    await merchants.keepMerchant(tx, under, given)
    // Its app has a new owner.
    await merchants.keepMerchant(tx, under, { ...given, outsideId: '2099' })
  },
  'merchants.openToken': (tx, { merchant }) => merchants.openToken(tx, merchant.id),
  'merchants.tokenHolds': (tx, { merchant }) => merchants.tokenHolds(tx, merchant, ['x']),
  'merchants.listAnew': (tx, { merchant }) => merchants.listAnew(tx, merchant.id),
  'merchants.tokenAsked': (tx, { merchant }) => merchants.tokenAsked(tx, merchant),
  'merchants.revokeMerchant': (tx, { merchant }) => merchants.revokeMerchant(tx, merchant),
  'merchants.tokensToCheck': (tx) => merchants.tokensToCheck(tx, now, 9),
  'merchants.changeMerchant': (tx, { tenant, account, merchant }) =>
    merchants.changeMerchant(tx, { tenant: tenant.id, account: account.id }, merchant.id, { enabled: true }),
  'merchants.hurryMerchants': (tx, { account }) => merchants.hurryMerchants(tx, account.id),
  'merchants.listMerchants': (tx, { tenant, account }) =>
    merchants.listMerchants(tx, { tenant: tenant.id, account: account.id }),
  'merchants.findMerchant': (tx, { merchant }) => merchants.findMerchant(tx, merchant.id),
  'merchants.merchantHeard': (tx, { merchant }) => merchants.merchantHeard(tx, merchant.id),
  'merchants.nameMerchant': (tx, { merchant }) =>
    merchants.nameMerchant(tx, merchant, { outsideId: merchant.outsideId, name: 'n' }),
  'merchants.likelyMerchants': (tx, { tenant, account }) =>
    merchants.likelyMerchants(tx, { tenant: tenant.id, id: account.id }, 9),
  'merchants.merchantCalled': async (tx, { account }) => {
    await merchants.merchantCalled(tx, account.id, { outsideId: '2' })
    await merchants.merchantCalled(tx, account.id, { authAppId: '3' })
  },
  'authorizations.createAuthState': (tx, { tenant, account }) =>
    authorizations.createAuthState(tx, { tenant: tenant.id, account: account.id, by }),
  'authorizations.useAuthState': (tx, { account }) => authorizations.useAuthState(tx, account.id, 's'),
  'authorizations.isAuthState': (tx, { account }) => authorizations.isAuthState(tx, account.id, 's'),
  'authorizations.authorise': (tx, { tenant, account }) =>
    authorizations.authorise(tx, { tenant: tenant.id, account: account.id }, given),
  'authorizations.keepWaiting': (tx, { account }) => authorizations.keepWaiting(tx, account.id, given),
  'authorizations.listWaiting': (tx, { account }) => authorizations.listWaiting(tx, account.id),
  'authorizations.spareOf': (tx, { account }) => authorizations.spareOf(tx, account.id, '2'),
  'authorizations.takeWaitingOf': (tx, { tenant, account }) =>
    authorizations.takeWaitingOf(tx, { tenant: tenant.id, account: account.id }, '2'),
  'authorizations.takeWaiting': (tx, { tenant, account }) =>
    authorizations.takeWaiting(tx, { tenant: tenant.id, account: account.id }, 'code'),
  'authorizations.forgetAuthorisations': (tx) => authorizations.forgetAuthorisations(tx, now),
}

const polled: Cases = {
  'polling.duePolls': (tx, { account }) => polling.duePolls(tx, account.id, now, 9),
  'polling.nextPoll': async (tx, { account, merchant }) => {
    const asked = { merchant }
    await polling.savePoll(tx, { asked, due: after })
    await polling.nextPoll(tx, account.id)
  },
  'polling.accountsToPoll': (tx) => polling.accountsToPoll(tx, ['wechat-mini'], now),
  'polling.accountsWithMerchants': (tx, { account }) => polling.accountsWithMerchants(tx, [account.id]),
  'polling.savePoll': (tx, { merchant }) =>
    polling.savePoll(tx, { asked: { merchant }, due: now, polledAt: now, sweptAt: now }),
  'polling.hurryPolls': (tx, { account }) => polling.hurryPolls(tx, account.id, { now, before, most: 9 }),
  'polling.openOfMerchant': (tx, { merchant }) =>
    polling.openOfMerchant(tx, { merchant: merchant.id, source: 'wechat-mini', until: now }),
  'polling.oldestPolls': (tx) => polling.oldestPolls(tx, ['wechat-mini']),
}

export const setUpCases: Cases = { ...people, ...keyed, ...seated, ...polled }
