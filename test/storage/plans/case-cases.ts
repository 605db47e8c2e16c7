import { instant } from '../../../src/core/words.ts'
import * as actions from '../../../src/storage/actions.ts'
import * as alarms from '../../../src/storage/alarms.ts'
import * as callbacks from '../../../src/storage/callbacks.ts'
import * as complaints from '../../../src/storage/complaints.ts'
import * as deadlines from '../../../src/storage/deadlines.ts'
import * as facts from '../../../src/storage/facts.ts'
import * as forget from '../../../src/storage/forget.ts'
import * as lately from '../../../src/storage/lately.ts'
import * as offers from '../../../src/storage/offers.ts'
import * as pictures from '../../../src/storage/pictures.ts'
import * as refunds from '../../../src/storage/refunds.ts'
import * as related from '../../../src/storage/related.ts'
import * as replay from '../../../src/storage/replay.ts'
import * as rulings from '../../../src/storage/rulings.ts'
import * as search from '../../../src/storage/search.ts'
import type { Tx } from '../../../src/storage/storage.ts'
import * as terms from '../../../src/storage/terms.ts'
import * as wanted from '../../../src/storage/wanted.ts'
import * as watch from '../../../src/storage/watch.ts'
import * as wordless from '../../../src/storage/wordless.ts'
import { snapshot } from '../../complaints/support.ts'
import type { Cases } from './cases.ts'
import { after, before, by, hash, none, now, phone, picture, place, type World } from './world.ts'

const known = { version: 1, who: '—', payer: 'p' }
const dispute = { order: '1' }

const whole: Cases = {
  'complaints.lockByIdentity': (tx, { tenant }) =>
    complaints.lockByIdentity(tx, { tenant: tenant.id, platform: 'wechat-mini', scope: 'wx01', number: '1' }),
  'complaints.lockComplaint': (tx, { tenant, complaint }) => complaints.lockComplaint(tx, tenant.id, complaint.id),
  'complaints.insertComplaint': (tx, { tenant, account }) =>
    complaints.insertComplaint(
      tx,
      { tenant: tenant.id, account: account.id, platform: 'wechat-mini' },
      snapshot({ number: '9' }),
      known,
    ),
  'complaints.saveComplaint': (tx, { complaint }) =>
    complaints.saveComplaint(tx, complaint, snapshot({ number: '2', text: '杯子碎了' }), known),
  'complaints.findComplaint': (tx, { tenant, complaint }) => complaints.findComplaint(tx, tenant.id, complaint.id),
  'complaints.complaintOfJob': (tx, { complaint }) => complaints.complaintOfJob(tx, complaint.id),
  'complaints.findRunning': (tx, { tenant }) => complaints.findRunning(tx, tenant.id, 1),
  'complaints.findRunnings': (tx, { tenant }) => complaints.findRunnings(tx, tenant.id, [1, 2]),
  'complaints.isKnown': (tx, { tenant }) =>
    complaints.isKnown(tx, { tenant: tenant.id, platform: 'wechat-mini', scopes: ['wx01', ''], number: '1' }),
  'complaints.runningOf': (tx, { tenant }) =>
    complaints.runningOf(tx, { tenant: tenant.id, platform: 'wechat-mini', scopes: ['wx01', ''], number: '1' }),
  'complaints.knownAmong': (tx, { tenant }) =>
    complaints.knownAmong(tx, {
      tenant: tenant.id,
      platform: 'wechat-mini',
      scopes: ['wx01', ''],
      numbers: ['1', '2'],
    }),
  'complaints.complaintAboutOrder': (tx, { tenant, account }) =>
    complaints.complaintAboutOrder(tx, { tenant: tenant.id, account: account.id, keys: ['1', 'out:1'] }),
  'complaints.listComplaints': async (tx, { tenant, member, account }) => {
    const behind = { running: 9, due: now }
    for (const which of ['open', 'due', 'all', 'mine'] as const)
      for (const after of [undefined, behind, { running: 9 }])
        for (const accounts of [undefined, [account.id, none<'account'>()]])
          await complaints.listComplaints(tx, {
            ...{ tenant: tenant.id, which, limit: 9 },
            ...(which === 'mine' ? { member: member.id } : {}),
            ...(after ? { after } : {}),
            ...(accounts ? { accounts } : {}),
          })
  },
  'complaints.openOfAccount': (tx, { account }) => complaints.openOfAccount(tx, account.id),
  'complaints.openOfMerchant': (tx, { merchant }) => complaints.openOfMerchant(tx, merchant.id),
  'complaints.dueToRead': (tx) => complaints.dueToRead(tx, now, 9),
  'complaints.setReadDue': (tx, { complaint }) => complaints.setReadDue(tx, complaint.id, now),
  'complaints.raiseVersion': (tx, { complaint }) => complaints.raiseVersion(tx, complaint.id),
  'complaints.setClaim': (tx, { complaint, member }) => complaints.setClaim(tx, complaint, member.id),
  'complaints.claimedBefore': (tx) => complaints.claimedBefore(tx, now, 9),
  'related.relatedTo': async (tx, { complaint, account }) => {
    await related.relatedTo(tx, complaint)
    await related.relatedTo(tx, complaint, [account.id])
  },
  'related.openOnSameOrder': (tx, { complaint }) => related.openOnSameOrder(tx, complaint.id),
}

const lookedFor: Cases = {
  'search.findExact': async (tx, { tenant, account }) => {
    const sought = { running: 1, number: '4200002179', phoneTail: '6688', handle: 'li' }
    await search.findExact(tx, { tenant: tenant.id, limit: 9 }, sought)
    await search.findExact(tx, { tenant: tenant.id, accounts: [account.id, none()], limit: 9 }, sought)
  },
  'search.findByWords': async (tx, { tenant, account }) => {
    await search.findByWords(tx, { tenant: tenant.id, limit: 9 }, ['衣服'])
    await search.findByWords(tx, { tenant: tenant.id, limit: 9 }, ['衣服破了', '保温杯'])
    await search.findByWords(tx, { tenant: tenant.id, accounts: [account.id, none()], limit: 9 }, ['衣服破了'])
  },
  'terms.insertTerms': (tx, { complaint }) => terms.insertTerms(tx, complaint, ['水杯', '杯子']),
  'terms.addOwn': (tx, { complaint }) => terms.addOwn(tx, { ...complaint, grams: '' }, snapshot({ text: '别的东西' })),
  'terms.addNotes': (tx, { complaint }) => terms.addNotes(tx, complaint.id, [{ kind: 'noted', by, text: '新的备注' }]),
  'terms.notesOf': (tx, { complaint, closed }) => terms.notesOf(tx, [complaint.id, closed.id]),
  'terms.forgetTerms': (tx) => terms.forgetTerms(tx, after, 9),
  'terms.clearTerms': (tx, { complaint }) => terms.clearTerms(tx, { ...complaint, grams: '衣服' }),
  'wordless.indexWordless': async (tx, { complaint }) => {
    await terms.clearTerms(tx, { ...complaint, grams: '衣服' })
    await wordless.indexWordless(tx, instant(0), 9)
  },
}

const happened: Cases = {
  'facts.appendFacts': (tx, { complaint }) =>
    facts.appendFacts(tx, complaint, [{ kind: 'noted', by, text: '再来一条' }]),
  'facts.findFact': (tx) => facts.findFact(tx, none()),
  'facts.factAt': (tx, { complaint }) => facts.factAt(tx, complaint.id, 1),
  'facts.factsOf': async (tx, { complaint }) => {
    await facts.factsOf(tx, complaint.id, 9)
    await facts.factsOf(tx, complaint.id, 9, 9)
  },
  'facts.lastActOf': (tx, { complaint, member }) => facts.lastActOf(tx, complaint.id, member.id),
  'facts.stepsTold': (tx, { complaint }) => facts.stepsTold(tx, complaint.id),
  'lately.factsSince': (tx, { tenant }) =>
    lately.factsSince(tx, { tenant: tenant.id, since: before, kinds: ['opened'] }),
  'lately.pilesSince': (tx, { room, member }) =>
    lately.pilesSince(tx, { room: room.id, member: member.id, since: before }),
  'deadlines.keepDeadlines': async (tx, { complaint }) => {
    await deadlines.keepDeadlines(tx, complaint)
    await deadlines.keepDeadlines(tx, { ...complaint, moves: [] })
    await deadlines.keepDeadlines(tx, complaint)
  },
  'deadlines.deadlinesDue': (tx) => deadlines.deadlinesDue(tx, now, 9),
  'deadlines.lockDeadline': (tx, { tenant, complaint }) =>
    deadlines.lockDeadline(tx, { tenant: tenant.id, complaint: complaint.id, move: 'respond', due: now }),
  'deadlines.setLooked': (tx, { tenant, complaint }) =>
    deadlines.setLooked(
      tx,
      { tenant: tenant.id, complaint: complaint.id, move: 'respond', due: now, knownAt: now },
      { next: now },
    ),
  'deadlines.snooze': (tx, { complaint }) => deadlines.snooze(tx, complaint.id, now),
}

const done: Cases = {
  'actions.insertAction': (tx, { tenant, complaint }) =>
    actions.insertAction(tx, {
      ...{ tenant: tenant.id, complaint: complaint.id, action: { kind: 'finish' }, key: 'k9', by, version: 1 },
    }),
  'actions.findAction': (tx, { waiting }) => actions.findAction(tx, waiting.id),
  'actions.actionByKey': (tx, { tenant }) => actions.actionByKey(tx, tenant.id, 'k1'),
  'actions.unsettledOf': async (tx, { complaint }) => {
    await actions.unsettledOf(tx, complaint.id)
    await actions.unsettledOf(tx, complaint.id, 'respond')
  },
  'actions.lastDone': (tx, { complaint }) => actions.lastDone(tx, complaint.id, 'refund'),
  'actions.doneBetween': (tx, { complaint }) => actions.doneBetween(tx, complaint.id, before, now),
  'actions.actionsOf': (tx, { complaint }) => actions.actionsOf(tx, complaint.id, 9),
  'actions.moveAction': async (tx, { waiting }) => {
    await actions.moveAction(tx, waiting.id, { state: 'sent' })
    await actions.moveAction(tx, waiting.id, { state: 'failed', called: now })
  },
  'actions.unsettledSince': (tx) => actions.unsettledSince(tx, now, 9),
  'refunds.insertRefund': (tx, { tenant, complaint, account, waiting }) =>
    refunds.insertRefund(tx, {
      ...{ action: waiting.id, tenant: tenant.id, complaint: complaint.id, account: account.id },
      place: { ...place, order: '2' },
      refund: { kind: 'refund', order: '2', amount: money(1), total: money(2), reason: '' },
    }),
  'refunds.ledgerOf': (tx) => refunds.ledgerOf(tx, place),
  'refunds.givenSince': async (tx, { tenant, member }) => {
    await refunds.givenSince(tx, tenant.id, { since: before })
    await refunds.givenSince(tx, tenant.id, { since: before, member: member.id })
  },
  'refunds.findRefund': (tx, { refunded }) => refunds.findRefund(tx, refunded.id),
  'refunds.openRefund': (tx, { account }) => refunds.openRefund(tx, account.id, 'rd'),
  'refunds.moveRefund': (tx, { refunded }) => refunds.moveRefund(tx, refunded.id, { state: 'done' }),
}

const money = (amount: number) => amount as Parameters<typeof refunds.insertRefund>[1]['refund']['amount']

const told: Cases = {
  'callbacks.findCallback': (tx, { told }) => callbacks.findCallback(tx, told),
  'callbacks.settleCallback': (tx, { told }) => callbacks.settleCallback(tx, told, 'drained'),
  'callbacks.waitingCallbacks': (tx) => callbacks.waitingCallbacks(tx, now, 9),
  'replay.renewCallback': (tx, { tenant, told }) => replay.renewCallback(tx, tenant.id, told),
  'replay.listParked': (tx, { tenant }) => replay.listParked(tx, tenant.id, 9),
  'replay.stuckJobs': (tx) => replay.stuckJobs(tx, 9),
  'replay.jobExists': (tx) => replay.jobExists(tx, 'q', 'k'),
  'alarms.insertAlarm': (tx, { tenant, account }) =>
    alarms.insertAlarm(tx, { tenant: tenant.id, account: account.id, dispute }),
  'alarms.lockAlarm': (tx) => alarms.lockAlarm(tx, none()),
  'alarms.setRaised': (tx) => alarms.setRaised(tx, none()),
  'alarms.closeAlarms': (tx, { account, complaint }) =>
    alarms.closeAlarms(tx, { account: account.id, complaint: complaint.id, keys: ['1', '2'] }),
  'alarms.openAlarms': (tx, { tenant }) => alarms.openAlarms(tx, tenant.id, 9),
  'alarms.silentAlarms': (tx) => alarms.silentAlarms(tx, now, 9),
  'wanted.insertWanted': async (tx, { tenant, account, room }) => {
    const number = '1'
    await wanted.insertWanted(tx, { tenant: tenant.id, account: account.id, number, room: room.id })
    await wanted.insertWanted(tx, { tenant: tenant.id, account: account.id, number })
  },
  'wanted.findWanted': (tx) => wanted.findWanted(tx, 'a:1'),
  'wanted.settleWanted': (tx, { tenant, account }) =>
    wanted.settleWanted(
      tx,
      { tenant: tenant.id, account: account.id, number: '1', state: 'waiting', askedAt: now },
      'done',
    ),
  'wanted.setTold': (tx, { account }) => wanted.setTold(tx, { account: account.id, number: '1' }),
  'wanted.waitingWanted': (tx) => wanted.waitingWanted(tx, now, 9),
  'watch.setWatch': (tx, { account }) => watch.setWatch(tx, account.id, 'orders'),
  'watch.beginWatch': (tx, { account }) => watch.beginWatch(tx, account.id, 'orders', now),
  'watch.findWatch': (tx, { account }) => watch.findWatch(tx, account.id, 'orders'),
  'watch.saveStanding': (tx, { tenant, account }) =>
    watch.saveStanding(tx, { tenant: tenant.id, id: account.id }, { penalties: [] }),
  'watch.findStanding': (tx, { account }) => watch.findStanding(tx, account.id),
  'watch.lockStanding': (tx, { account }) => watch.lockStanding(tx, account.id),
}

const shown: Cases = {
  'pictures.keepPicture': (tx) => pictures.keepPicture(tx, picture),
  'pictures.keepSentPicture': (tx, { tenant }) => pictures.keepSentPicture(tx, tenant.id, picture),
  'pictures.findSentPicture': async (tx, { tenant }) => {
    await pictures.findSentPicture(tx, tenant.id, await pictures.keepSentPicture(tx, tenant.id, picture))
  },
  'pictures.findPicture': (tx) => pictures.findPicture(tx, hash),
  'pictures.picturesSize': (tx) => pictures.picturesSize(tx, [hash, hash]),
  'pictures.heldPictures': (tx, { complaint }) => pictures.heldPictures(tx, complaint.id),
  'pictures.picturesOf': (tx, { complaint }) => pictures.picturesOf(tx, complaint.id),
  'pictures.holdPicture': (tx, { complaint }) => pictures.holdPicture(tx, complaint.id, { place: '0', hash }),
  'pictures.forgetFailures': (tx, { complaint }) => pictures.forgetFailures(tx, complaint.id),
  'pictures.findUpload': (tx, { account }) => pictures.findUpload(tx, account.id, hash),
  'pictures.keepUpload': (tx, { account }) => pictures.keepUpload(tx, account.id, hash, { id: 'm', until: after }),
  'pictures.forgetUpload': (tx, { account }) => pictures.forgetUpload(tx, account.id, hash),
  'pictures.stagedPictures': (tx, { room, member, complaint }) =>
    pictures.stagedPictures(tx, { room: room.id, member: member.id, complaint: complaint.id }),
  'pictures.newestPile': (tx, { room, member }) =>
    pictures.newestPile(tx, { room: room.id, member: member.id }, 60_000),
  'pictures.stagePictures': (tx, { room, member, complaint }) =>
    pictures.stagePictures(tx, { room: room.id, member: member.id, complaint: complaint.id }, [picture]),
  'pictures.clearStaged': async (tx, { room, member, complaint }) => {
    await pictures.clearStaged(tx, { complaint: complaint.id })
    await pictures.clearStaged(tx, { complaint: complaint.id, member: member.id, room: room.id })
  },
  'pictures.dropUnheld': (tx, { room, complaint }) =>
    pictures.dropUnheld(tx, { hash: 'f'.repeat(64), complaint: complaint.id, room: room.id }),
}

const gone: Cases = {
  'forget.letPersonsGo': (tx) => forget.letPersonsGo(tx, now, 9),
  'forget.letPicturesGo': async (tx, world) => {
    await withPictures(tx, world)
    await forget.letPicturesGo(tx, now, 9)
  },
  'forget.letCallbacksGo': (tx) => forget.letCallbacksGo(tx, after, 1),
  'forget.callbacksAbout': (tx, { tenant }) => forget.callbacksAbout(tx, tenant.id, phone),
  'forget.erasePerson': async (tx, world) => {
    const { tenant, closed, told } = world
    await withPictures(tx, world)
    const of = { tenant: tenant.id, complaint: closed.id }
    const words = { kind: 'respond', stance: 'agree', text: '好' } as const
    await actions.insertAction(tx, { ...of, action: words, key: 'k8', by, version: 1 })
    const decided = { rule: none<'rule'>(), version: 1, position: 1, name: 'a', act: 'note', nr: 1, due: now } as const
    await rulings.insertRuling(tx, { ...of, ...decided, does: { note: '好' }, state: 'waiting' })
    await forget.erasePerson(tx, tenant.id, { phone, callbacks: [told] })
  },
}

/** The closed one shows a picture, and another was brought to it. */
async function withPictures(tx: Tx, { tenant, closed, room }: World): Promise<void> {
  await pictures.holdPicture(tx, closed.id, { place: '0', hash: await pictures.keepPicture(tx, picture) })
  await offers.keepOffer(tx, { tenant: tenant.id, complaint: closed.id, room: room.id }, [picture])
}

export const caseCases: Cases = { ...whole, ...lookedFor, ...happened, ...done, ...told, ...shown, ...gone }
