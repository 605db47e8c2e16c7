import type { Complaint } from '../../src/complaints/complaint.ts'
import type { Rule } from '../../src/complaints/rule.ts'
import type { Picture } from '../../src/core/picture.ts'
import { Secret } from '../../src/core/seal.ts'
import { asId, asPictureHash, fen, type Instant, type PictureHash, type TenantId } from '../../src/core/words.ts'
import * as accounts from '../../src/storage/accounts.ts'
import * as actions from '../../src/storage/actions.ts'
import * as alarms from '../../src/storage/alarms.ts'
import * as audit from '../../src/storage/audit.ts'
import * as authorizations from '../../src/storage/authorizations.ts'
import * as bindCodes from '../../src/storage/bind-codes.ts'
import * as bots from '../../src/storage/bots.ts'
import * as breakers from '../../src/storage/breakers.ts'
import * as caseLinks from '../../src/storage/case-links.ts'
import * as channels from '../../src/storage/channels.ts'
import * as complaints from '../../src/storage/complaints.ts'
import * as deliveries from '../../src/storage/deliveries.ts'
import * as digests from '../../src/storage/digests.ts'
import * as duty from '../../src/storage/duty.ts'
import * as forget from '../../src/storage/forget.ts'
import * as keys from '../../src/storage/keys.ts'
import * as lately from '../../src/storage/lately.ts'
import * as members from '../../src/storage/members.ts'
import * as merchants from '../../src/storage/merchants.ts'
import * as offers from '../../src/storage/offers.ts'
import * as pictures from '../../src/storage/pictures.ts'
import * as recipients from '../../src/storage/recipients.ts'
import * as refunds from '../../src/storage/refunds.ts'
import * as related from '../../src/storage/related.ts'
import * as reminding from '../../src/storage/reminding.ts'
import * as replay from '../../src/storage/replay.ts'
import * as rooms from '../../src/storage/rooms.ts'
import * as ruleRefunds from '../../src/storage/rule-refunds.ts'
import * as rules from '../../src/storage/rules.ts'
import * as rulings from '../../src/storage/rulings.ts'
import * as search from '../../src/storage/search.ts'
import * as seats from '../../src/storage/seats.ts'
import type { Tx } from '../../src/storage/storage.ts'
import * as templates from '../../src/storage/templates.ts'
import * as tenants from '../../src/storage/tenants.ts'
import * as terms from '../../src/storage/terms.ts'
import { sharedOrder } from './side.ts'

/** What a function is given: ids, taken by their names, of the business that asks or of its ghost. */
export interface Of {
  readonly tenant: TenantId
  id<Kind extends string>(name: string): ReturnType<typeof asId<Kind>>
  text(name: string): string
}

export interface Run {
  /** In a transaction that leaves nothing behind. */
  run(tx: Tx, of: Of): Promise<unknown>
  /** What it must give; else whatever it gives where there is no ghost. */
  readonly is?: unknown
}

const long = '2026-01-01T00:00:00.000Z' as Instant
/** In the ghost alone. */
export const ghostly = 'ghost-only'
const nobody = asId<'tenant'>('ten_nobody')
const complaintOf = async (tx: Tx, of: Of, running: number): Promise<Complaint> => {
  const found = await complaints.findRunning(tx, of.tenant, running)
  if (!found) throw new Error(`no #${running}`)
  return found
}
const identity = (of: Of, number: string) =>
  ({ tenant: of.tenant, platform: 'wechat-mini', scope: of.text('scope'), number }) as const
const anyScope = (of: Of, number: string) => ({
  ...{ tenant: of.tenant, platform: 'wechat-mini' as const, scopes: [of.text('scope')], number, numbers: [number] },
})
const ruleOf = (of: Of, more: Partial<Rule> = {}): Rule => ({
  ...{ id: of.id('rule'), tenant: of.tenant, name: '新名', position: 1, mode: 'off', accounts: [] },
  ...{ when: {}, act: { kind: 'note', text: '留意' }, delay: 60 },
  ...more,
})
const templateOf = (of: Of) => ({ tenant: of.tenant, name: '新', text: '话', for: [], reasons: [], platforms: [] })
/** The ghost's, too. */
const close = (tx: Tx) => tx.db.updateTable('complaint').set({ phase: 'closed' }).execute()
const within = (of: Of) => ({ tenant: of.tenant, limit: 50 })

const picture = (nr: number) => ({ type: 'image/png', bytes: Buffer.from([nr, nr, nr]) }) as const

/** A complaint lets go of three pictures: one that the other business has sent, one that it was offered, one that nobody else has. */
async function letGo(
  tx: Tx,
  of: Of,
  sent: (hash: PictureHash) => Promise<Picture | undefined>,
): Promise<readonly boolean[]> {
  const [other, first] = [of.id<'tenant'>('otherTenant'), of.id<'complaint'>('firstOwn')]
  const theirs = { tenant: other, complaint: of.id<'complaint'>('othersThird'), room: of.id<'room'>('othersRoom') }
  await offers.keepOffer(tx, theirs, [picture(2)])
  const [both, offered, own] = [
    await pictures.keepSentPicture(tx, other, picture(1)),
    await pictures.keepPicture(tx, picture(2)),
    await pictures.keepSentPicture(tx, of.tenant, picture(3)),
  ]
  for (const hash of [both, offered, own]) await pictures.holdPicture(tx, first, { place: `own/${hash}`, hash })
  await tx.db.updateTable('complaint').set({ phase: 'closed', changed_at: long }).where('id', '=', first).execute()
  await forget.letPicturesGo(tx, '2026-01-02T00:00:00.000Z' as Instant, 50)
  const there = [await sent(both), await pictures.findPicture(tx, offered), await pictures.findPicture(tx, own)]
  return there.map((found) => found !== undefined)
}

type Look = (tx: Tx, of: Of) => Promise<unknown>

/** For each function of storage/ that has a condition on the tenant: what would show that it is gone. */
export const functions: Readonly<Record<string, readonly (Look | Run)[]>> = {
  'accounts.changeAccount': [(tx, of) => accounts.changeAccount(tx, of.tenant, of.id('account'), { name: '新' })],
  'accounts.findAccountOf': [
    { run: (tx, of) => accounts.findAccountOf(tx, of.tenant, of.id('othersAccount')), is: undefined },
  ],
  'accounts.lockAccount': [(tx, of) => accounts.lockAccount(tx, of.tenant, of.id('account'))],
  'accounts.listAccounts': [(tx, of) => accounts.listAccounts(tx, of.tenant)],
  'actions.actionByKey': [(tx, of) => actions.actionByKey(tx, of.tenant, ghostly)],
  'alarms.openAlarms': [(tx, of) => alarms.openAlarms(tx, of.tenant, 50)],
  'audit.listAudit': [(tx, of) => audit.listAudit(tx, { tenant: of.tenant, limit: 200 })],
  'authorizations.authorise': [
    {
      async run(tx, of) {
        const under = { tenant: of.tenant, account: of.id<'account'>('othersAlipay') }
        const given = { outsideId: of.text('othersMerchant'), token: new Secret('token') }
        return (await authorizations.authorise(tx, under, given)).outcome
      },
      is: 'elsewhere',
    },
  ],
  'bind-codes.useBindCode': [
    {
      async run(tx, of) {
        const theirs = { tenant: of.id<'tenant'>('otherTenant'), member: of.id<'member'>('member') }
        const { code } = await bindCodes.createBindCode(tx, { purpose: 'member', ...theirs })
        return bindCodes.useBindCode(tx, code, 'member', of.tenant)
      },
      is: undefined,
    },
  ],
  'bots.changeBot': [(tx, of) => bots.changeBot(tx, { tenant: of.tenant, id: of.id('bot') }, { enabled: false })],
  'bots.isTaken': [(tx, of) => bots.changeBot(tx, { tenant: of.tenant, id: of.id('bot') }, { name: ghostly })],
  'bots.removeBot': [(tx, of) => bots.removeBot(tx, of.tenant, of.id('spareBot'))],
  'bots.lockBot': [(tx, of) => bots.lockBot(tx, of.tenant, of.id('bot'))],
  'bots.listBots': [(tx, of) => bots.listBots(tx, of.tenant)],
  'breakers.findBreaker': [{ run: (tx) => breakers.findBreaker(tx, nobody), is: {} }],
  'breakers.lockBreaker': [{ run: (tx) => breakers.lockBreaker(tx, nobody), is: {} }],
  'breakers.tripBreaker': [
    {
      async run(tx, of) {
        const other = of.id<'tenant'>('otherTenant')
        for (const one of [of.tenant, other]) await breakers.resetBreaker(tx, one)
        await breakers.tripBreaker(tx, of.tenant, { count: 1, most: 1 })
        return (await breakers.findBreaker(tx, other)).tripped
      },
      is: undefined,
    },
  ],
  'breakers.resetBreaker': [(tx, of) => breakers.resetBreaker(tx, of.tenant)],
  'breakers.setBreakerMost': [(tx, of) => breakers.setBreakerMost(tx, of.tenant, 77)],
  'case-links.generationOf': [
    (tx, of) => caseLinks.generationOf(tx, { tenant: of.tenant, complaint: of.id('third'), room: of.id('room') }),
  ],
  'case-links.revokeLinks': [
    (tx, of) => caseLinks.revokeLinks(tx, of.tenant, of.id('first')),
    (tx, of) => caseLinks.revokeLinks(tx, of.tenant),
  ],
  'case-links.passesOf': [(tx, of) => caseLinks.passesOf(tx, of.tenant, of.id('first'))],
  'case-links.revokePass': [
    // Both of the ghost: only whose it is, is wrong.
    (tx, of) => caseLinks.revokePass(tx, { tenant: of.tenant, id: of.text('link'), complaint: of.id('first') }),
    (tx, of) => {
      const [id, complaint] = of.text('pass').split(' ')
      return caseLinks.revokePass(tx, { tenant: of.tenant, id: id ?? '', complaint: asId(complaint ?? '') })
    },
  ],
  'channels.changeChannel': [
    (tx, of) => channels.changeChannel(tx, of.tenant, of.id('channel'), { enabled: false, accounts: null }),
  ],
  'channels.namedSo': [(tx, of) => channels.changeChannel(tx, of.tenant, of.id('channel'), { name: ghostly })],
  'channels.removeChannel': [(tx, of) => channels.removeChannel(tx, of.tenant, of.id('channel'))],
  'channels.findChannelOf': [
    { run: (tx, of) => channels.findChannelOf(tx, of.tenant, of.id('othersChannel')), is: undefined },
  ],
  'channels.lockChannel': [(tx, of) => channels.lockChannel(tx, of.tenant, of.id('channel'))],
  'channels.listChannels': [(tx, of) => channels.listChannels(tx, of.tenant)],
  'complaints.lockByIdentity': [(tx, of) => complaints.lockByIdentity(tx, identity(of, ghostly))],
  'complaints.lockComplaint': [(tx, of) => complaints.lockComplaint(tx, of.tenant, of.id('first'))],
  'complaints.countOfPayer': [
    async (tx, of) => {
      const { payer = '', ...said } = await complaintOf(tx, of, 1)
      const { nth } = await complaints.insertComplaint(
        tx,
        { tenant: of.tenant, account: said.account, platform: said.platform },
        { ...said, number: 'new' },
        { version: 1, who: '张*', payer },
      )
      return nth
    },
  ],
  'complaints.findComplaint': [(tx, of) => complaints.findComplaint(tx, of.tenant, of.id('first'))],
  'complaints.findRunning': [(tx, of) => complaints.findRunning(tx, of.tenant, 999)],
  'complaints.findRunnings': [(tx, of) => complaints.findRunnings(tx, of.tenant, [1, 2, 999])],
  'complaints.runningOf': [
    (tx, of) => complaints.runningOf(tx, anyScope(of, ghostly)),
    (tx, of) => complaints.isKnown(tx, anyScope(of, ghostly)),
  ],
  'complaints.knownAmong': [(tx, of) => complaints.knownAmong(tx, anyScope(of, ghostly)).then((known) => [...known])],
  'complaints.complaintAboutOrder': [
    (tx, of) =>
      complaints.complaintAboutOrder(tx, { tenant: of.tenant, account: of.id('account'), keys: [sharedOrder] }),
  ],
  'complaints.listComplaints': [
    (tx, of) => complaints.listComplaints(tx, { tenant: of.tenant, which: 'all', limit: 50 }),
    (tx, of) => complaints.listComplaints(tx, { tenant: of.tenant, which: 'due', limit: 50 }),
  ],
  'deliveries.deadLetters': [(tx, of) => deliveries.deadLetters(tx, of.tenant, 50)],
  'deliveries.dismissDeliveries': [(tx, of) => deliveries.dismissDeliveries(tx, of.tenant, [of.id('deadLetter')])],
  'deliveries.reviveDeliveries': [(tx, of) => deliveries.reviveDeliveries(tx, of.tenant, [of.id('deadLetter')])],
  'digests.isDigestMade': [(tx, of) => digests.isDigestMade(tx, of.tenant, ghostly)],
  'digests.openNow': [(tx, of) => digests.openNow(tx, of.tenant)],
  'digests.lately': [
    async (tx, of) => {
      await tx.db.updateTable('ruling').set({ state: 'done' }).where('tenant', '=', of.tenant).execute()
      return digests.lately(tx, of.tenant, long)
    },
  ],
  'duty.setDuty': [(tx, of) => duty.setDuty(tx, of.tenant, [])],
  'duty.listDuty': [(tx, of) => duty.listDuty(tx, of.tenant)],
  'forget.complaintsOf': [
    async (tx, of) => {
      await close(tx)
      return forget.callbacksAbout(tx, of.tenant, of.text('phone'))
    },
  ],
  'forget.erasePerson': [
    async (tx, of) => {
      await close(tx)
      // How many pictures go depends on who else needs them.
      const { pictures: _, ...erased } = await forget.erasePerson(tx, of.tenant, {
        ...{ phone: of.text('phone'), callbacks: [of.id('callback')] },
      })
      return erased
    },
  ],
  'forget.neededElsewhere': [
    {
      run: (tx, of) => letGo(tx, of, (hash) => pictures.findSentPicture(tx, of.id('otherTenant'), hash)),
      is: [true, true, false],
    },
  ],
  'keys.lockKey': [(tx, of) => keys.lockKey(tx, of.id('key'), of.tenant)],
  'keys.listKeys': [(tx, of) => keys.listKeys(tx, of.tenant)],
  'keys.othersRule': [
    {
      async run(tx, of) {
        await tx.db.deleteFrom('api_key').where('tenant', 'is', null).execute()
        // A key of one business changes nothing for the others.
        await keys.createKey(tx, { name: 'own', access: 'write', text: 'text', tenant: of.tenant })
        return keys.othersRule(tx, asId('key_last'))
      },
      is: false,
    },
  ],
  'lately.factsSince': [
    (tx, of) => lately.factsSince(tx, { tenant: of.tenant, since: long, kinds: ['noted', 'opened', 'assigned'] }),
  ],
  'members.changeMember': [(tx, of) => members.changeMember(tx, of.tenant, of.id('member'), { refundEach: fen(5) })],
  'members.findMember': [(tx, of) => members.findMember(tx, of.tenant, of.id('member'))],
  'members.memberCalled': [(tx, of) => members.memberCalled(tx, of.tenant, ghostly)],
  'members.listMembers': [(tx, of) => members.listMembers(tx, of.tenant)],
  'members.membersBehind': [
    (tx, of) => members.membersBehind(tx, { realm: 'telegram', user: '1001', tenant: of.tenant }),
  ],
  'members.identitiesOf': [(tx, of) => members.identitiesOf(tx, of.tenant)],
  'merchants.changeMerchant': [
    (tx, of) => {
      const [account, merchant] = of.text('merchantUnder').split(' ')
      const under = { tenant: of.tenant, account: asId<'account'>(account ?? '') }
      return merchants.changeMerchant(tx, under, asId(merchant ?? ''), { company: '新' })
    },
  ],
  'merchants.listMerchants': [(tx, of) => merchants.listMerchants(tx, { tenant: of.tenant, account: of.id('alipay') })],
  'merchants.likelyMerchants': [
    (tx, of) => merchants.likelyMerchants(tx, { tenant: of.tenant, id: of.id('alipay') }, 5),
  ],
  'pictures.findSentPicture': [
    {
      run: (tx, of) => pictures.findSentPicture(tx, of.tenant, asPictureHash(of.text('othersPicture'))),
      is: undefined,
    },
  ],
  'recipients.changeRecipient': [
    (tx, of) => {
      const [channel, id] = of.text('recipientUnder').split(' ')
      const which = { tenant: of.tenant, channel: asId<'channel'>(channel ?? ''), id: asId<'recipient'>(id ?? '') }
      return recipients.changeRecipient(tx, which, { label: '新' })
    },
  ],
  'recipients.removeRecipient': [
    (tx, of) => {
      const [channel, id] = of.text('recipientUnder').split(' ')
      return recipients.removeRecipient(tx, {
        ...{ tenant: of.tenant, channel: asId<'channel'>(channel ?? ''), id: asId<'recipient'>(id ?? '') },
      })
    },
  ],
  'recipients.listeners': [(tx, of) => recipients.listeners(tx, of.tenant, 'email')],
  'refunds.givenSince': [(tx, of) => refunds.givenSince(tx, of.tenant, { since: long })],
  'related.ofPayer': [async (tx, of) => related.relatedTo(tx, await complaintOf(tx, of, 2))],
  'related.onSameOrder': [
    async (tx, of) => related.relatedTo(tx, await complaintOf(tx, of, 1)),
    (tx, of) => related.openOnSameOrder(tx, of.id<'complaint'>('first')).then((all) => all.length),
  ],
  'reminding.findReminding': [{ run: (tx) => reminding.findReminding(tx, nobody), is: reminding.usualReminding }],
  'replay.renewCallback': [(tx, of) => replay.renewCallback(tx, of.tenant, of.id('callback'))],
  'replay.listParked': [(tx, of) => replay.listParked(tx, of.tenant, 50)],
  'rooms.listRooms': [(tx, of) => rooms.listRooms(tx, of.tenant)],
  'rooms.removeRoom': [(tx, of) => rooms.removeRoom(tx, of.tenant, of.id('room'))],
  'rule-refunds.countRuleRefunds': [(tx, of) => ruleRefunds.countRuleRefunds(tx, of.tenant, { from: long })],
  'rule-refunds.sumRuleRefunds': [
    async (tx, of) => {
      const { payer = '' } = await complaintOf(tx, of, 1)
      return ruleRefunds.sumRuleRefunds(tx, of.tenant, { since: long, payer })
    },
  ],
  'rules.createRule': [(tx, of) => rules.createRule(tx, ruleOf(of)).then((made) => made?.position)],
  'rules.listRules': [(tx, of) => rules.listRules(tx, of.tenant)],
  'rules.findRule': [(tx, of) => rules.findRule(tx, of.tenant, of.id('rule'))],
  'rules.anyRuleOn': [(tx, of) => rules.anyRuleOn(tx, of.tenant)],
  'rules.saveRule': [
    (tx, of) => rules.saveRule(tx, ruleOf(of)),
    (tx, of) => rules.saveRule(tx, ruleOf(of, { name: ghostly })),
  ],
  'rules.switchOff': [(tx, of) => rules.switchOff(tx, of.tenant, of.id('rule'))],
  'rules.placeRule': [(tx, of) => rules.placeRule(tx, { tenant: of.tenant, id: of.id('rule') }, 2)],
  'rules.removeRule': [(tx, of) => rules.removeRule(tx, of.tenant, of.id('rule'))],
  'rulings.refundsWaiting': [(tx, of) => rulings.refundsWaiting(tx, of.tenant)],
  'search.exactQueries': [(tx, of) => search.findExact(tx, within(of), { number: 'crossed' })],
  'search.here': [
    (tx, of) => search.findExact(tx, within(of), { running: 999 }).then((all) => all.length),
    // What is found is read by its running number, and the ghost's numbers are the same.
    (tx, of) => search.findExact(tx, within(of), { number: 'ghost-number' }),
  ],
  'search.holding': [
    (tx, of) => search.findByWords(tx, within(of), ['杯子']),
    (tx, of) => search.findByWords(tx, { ...within(of), accounts: [of.id('account')] }, ['杯子碎']),
  ],
  'search.rarestFirst': [(tx, of) => search.findByWords(tx, within(of), ['杯子碎'])],
  'seats.payerOf': [
    async (tx, of) => {
      const account = await accounts.findAccount(tx, asId(of.text('own')))
      if (!account) throw new Error('no account')
      return seats.payerOf(tx, { ...account, settings: { refunds: true, payer: of.text('mchid') } })
    },
  ],
  'templates.createTemplate': [(tx, of) => templates.createTemplate(tx, templateOf(of)).then((made) => made?.position)],
  'templates.listTemplates': [(tx, of) => templates.listTemplates(tx, of.tenant)],
  'templates.changeTemplate': [
    (tx, of) => templates.changeTemplate(tx, of.tenant, of.id('template'), { text: '新', position: 1 }),
  ],
  'templates.nameTaken': [(tx, of) => templates.changeTemplate(tx, of.tenant, of.id('template'), { name: ghostly })],
  'templates.removeTemplate': [(tx, of) => templates.removeTemplate(tx, of.tenant, of.id('template'))],
  'tenants.setCaps': [(tx, of) => tenants.setCaps(tx, of.tenant, { refundEach: fen(5) })],
  'tenants.nextRunning': [(tx, of) => tenants.nextRunning(tx, of.tenant)],
  'terms.clearTerms': [
    async (tx, of) => {
      const row = await tx.db
        .selectFrom('complaint')
        .selectAll()
        .where('id', '=', of.text('firstOwn'))
        .executeTakeFirstOrThrow()
      return terms.clearTerms(tx, row)
    },
  ],
}

/** Conditions that nothing can show to be gone, and why. */
export const unseen: Readonly<Record<string, string>> = {
  'complaints.openOfAccount': 'the tenant is the account’s own, and says where to look',
  'templates.place': 'the ids come from the list of the same tenant',
  'audit.auditedOf': 'no condition',
  'keys.keyOf': 'no condition',
}
