import { Secret } from '../../../src/core/seal.ts'
import { fen, later } from '../../../src/core/words.ts'
import * as breakers from '../../../src/storage/breakers.ts'
import * as dataKeys from '../../../src/storage/data-keys.ts'
import * as digests from '../../../src/storage/digests.ts'
import * as duty from '../../../src/storage/duty.ts'
import * as figures from '../../../src/storage/figures.ts'
import * as grants from '../../../src/storage/grants.ts'
import * as health from '../../../src/storage/health.ts'
import * as jobs from '../../../src/storage/jobs.ts'
import * as reminding from '../../../src/storage/reminding.ts'
import * as repeats from '../../../src/storage/repeats.ts'
import * as reseal from '../../../src/storage/reseal.ts'
import * as rotate from '../../../src/storage/rotate.ts'
import * as ruleRefunds from '../../../src/storage/rule-refunds.ts'
import * as rules from '../../../src/storage/rules.ts'
import * as rulings from '../../../src/storage/rulings.ts'
import type { Tx } from '../../../src/storage/storage.ts'
import * as ticks from '../../../src/storage/ticks.ts'
import * as tokens from '../../../src/storage/tokens.ts'
import type { Cases } from './cases.ts'
import { within } from './ears.ts'
import { after, before, none, now } from './world.ts'

const act = { kind: 'note', text: '' } as const
const rule = { name: 'a', mode: 'on', accounts: [], when: {}, act, delay: 0 } as const

const ruled: Cases = {
  'rules.createRule': (tx, { tenant }) => rules.createRule(tx, { ...rule, tenant: tenant.id }),
  'rules.listRules': (tx, { tenant }) => rules.listRules(tx, tenant.id),
  'rules.findRule': (tx, { tenant }) => rules.findRule(tx, tenant.id, none()),
  'rules.anyRuleOn': (tx, { tenant }) => rules.anyRuleOn(tx, tenant.id),
  'rules.saveRule': (tx, { tenant }) => rules.saveRule(tx, { ...rule, tenant: tenant.id, id: none() }),
  'rules.switchOff': (tx, { tenant }) => rules.switchOff(tx, tenant.id, none()),
  'rules.placeRule': async (tx, { tenant }) => {
    await rules.createRule(tx, { ...rule, tenant: tenant.id })
    const last = await rules.createRule(tx, { ...rule, name: 'b', tenant: tenant.id })
    if (last) await rules.placeRule(tx, last, 1)
  },
  'rules.removeRule': (tx, { tenant }) => rules.removeRule(tx, tenant.id, none()),
  'rulings.insertRuling': (tx, { tenant, complaint }) =>
    rulings.insertRuling(tx, {
      ...{ tenant: tenant.id, complaint: complaint.id, rule: none(), version: 1, position: 1, name: 'a' },
      ...{ act: 'refund', nr: 1, due: now, state: 'waiting' },
    }),
  'rulings.findRuling': (tx) => rulings.findRuling(tx, none()),
  'rulings.rulingsOf': (tx, { complaint }) => rulings.rulingsOf(tx, complaint.id),
  'rulings.moveRuling': (tx) => rulings.moveRuling(tx, none(), { state: 'done' }),
  'rulings.refundsWaiting': (tx, { tenant }) => rulings.refundsWaiting(tx, tenant.id),
  'rulings.rulingsDue': (tx) => rulings.rulingsDue(tx, now, 9),
  'rulings.spokenSince': (tx, { complaint }) => rulings.spokenSince(tx, complaint.id, 1),
  'rule-refunds.keepRuleRefund': (tx, { tenant }) =>
    ruleRefunds.keepRuleRefund(tx, {
      ...{ ruling: none(), order: 'o', tenant: tenant.id, rule: none(), payer: 'p', amount: fen(1) },
    }),
  'rule-refunds.ordersAsked': (tx) => ruleRefunds.ordersAsked(tx, none()),
  'rule-refunds.countRuleRefunds': async (tx, { tenant }) => {
    await ruleRefunds.countRuleRefunds(tx, tenant.id, { from: before })
    await ruleRefunds.countRuleRefunds(tx, tenant.id, { from: before, until: now })
  },
  'rule-refunds.sumRuleRefunds': async (tx, { tenant }) => {
    await ruleRefunds.sumRuleRefunds(tx, tenant.id, { since: before, rule: none() })
    await ruleRefunds.sumRuleRefunds(tx, tenant.id, { since: before, payer: 'p' })
  },
  'breakers.findBreaker': (tx, { tenant }) => breakers.findBreaker(tx, tenant.id),
  'breakers.lockBreaker': (tx, { tenant }) => breakers.lockBreaker(tx, tenant.id),
  'breakers.tripBreaker': (tx, { tenant }) => breakers.tripBreaker(tx, tenant.id, { count: 1, most: 1 }),
  'breakers.resetBreaker': (tx, { tenant }) => breakers.resetBreaker(tx, tenant.id),
  'breakers.setBreakerMost': (tx, { tenant }) => breakers.setBreakerMost(tx, tenant.id, 1),
}

const reminded: Cases = {
  'digests.takeDigest': (tx, { tenant }) => digests.takeDigest(tx, tenant.id, '2026-03-01'),
  'digests.isDigestMade': (tx, { tenant }) => digests.isDigestMade(tx, tenant.id, '2026-03-01'),
  'digests.openNow': (tx, { tenant }) => digests.openNow(tx, tenant.id),
  'digests.lately': (tx, { tenant }) => digests.lately(tx, tenant.id, before),
  'duty.setDuty': (tx, { tenant, member }) => duty.setDuty(tx, tenant.id, [{ member: member.id, from: 0, to: 9 }]),
  'duty.listDuty': (tx, { tenant }) => duty.listDuty(tx, tenant.id),
  'reminding.findReminding': (tx, { tenant }) => reminding.findReminding(tx, tenant.id),
  'reminding.changeReminding': (tx, { tenant }) => reminding.changeReminding(tx, tenant.id, {}),
  'reminding.remindingOf': (tx, { tenant }) => reminding.remindingOf(tx, tenant.id),
}

const claim = { queue: 'q', key: 'k', wanted: 1, attempt: 1, lease: after }
const claimed = async (tx: Tx) => {
  await jobs.sendJob(tx, 'q', 'k', before)
  const [mine = claim] = await jobs.claimJobs(tx, { queue: 'q', limit: 9, now, lease: after })
  return mine
}

const run: Cases = {
  'jobs.sendJob': (tx) => jobs.sendJob(tx, 'q', 'k', now),
  'jobs.dueQueues': (tx) => jobs.dueQueues(tx, ['q', 'r'], now),
  'jobs.claimJobs': (tx) => claimed(tx),
  'jobs.finishJobs': async (tx) => {
    await jobs.finishJobs(tx, [{ claim: await claimed(tx), again: now }])
    await jobs.finishJobs(tx, [{ claim: await claimed(tx) }, { claim }])
  },
  'jobs.returnJobs': async (tx) => jobs.returnJobs(tx, [await claimed(tx)], now),
  'jobs.renewLeases': async (tx) => jobs.renewLeases(tx, [await claimed(tx), claim], later(after, 1)),
  'jobs.freeJobs': async (tx) => [await jobs.freeJobs(tx, now, 'all'), await jobs.freeJobs(tx, now, now)],
  'jobs.anyLeaseEnded': (tx) => jobs.anyLeaseEnded(tx, now),
  'jobs.unrung': (tx) => jobs.unrung(tx, 'q', ['k', 'l']),
  'ticks.takeTick': (tx) => ticks.takeTick(tx, 'n', now),
  'ticks.lastTick': (tx) => ticks.lastTick(tx, 'n'),
  'ticks.forgetFutureTicks': (tx) => ticks.forgetFutureTicks(tx, 'n', now),
}

const looked: Cases = {
  'figures.jobFigures': (tx) => figures.jobFigures(tx),
  'figures.actionFigures': (tx) => figures.actionFigures(tx),
  'figures.owedFigures': (tx) => figures.owedFigures(tx),
  'figures.deliveryFigures': (tx) => figures.deliveryFigures(tx),
  'figures.stuckFigures': (tx) => figures.stuckFigures(tx),
  'figures.ping': (tx) => figures.ping(tx),
  'health.databaseNow': (tx) => health.databaseNow(tx),
  'health.parkedCallbacks': (tx) => health.parkedCallbacks(tx),
  'health.everCalledBack': (tx, { account }) => health.everCalledBack(tx, account.id),
  'health.failingJobs': (tx) => health.failingJobs(tx, 3, 9),
  'health.waitingRooms': (tx, { room }) => health.waitingRooms(tx, [room.id, none()]),
  'health.databaseVersion': (tx) => health.databaseVersion(tx),
}

const kept: Cases = {
  'repeats.beginOnce': async (tx) => {
    await repeats.beginOnce(tx, { id: 'i', body: 'b', runner: 'r' })
    await repeats.beginOnce(tx, { id: 'i', body: 'b', runner: 'r' })
  },
  'repeats.onceWrote': (tx) => repeats.onceWrote(tx, 'i'),
  'repeats.onceAnswered': (tx) => repeats.onceAnswered(tx, 'i', 1),
  'repeats.forgetOnce': (tx) => repeats.forgetOnce(tx, 'i'),
  'tokens.tokenStore': async (tx, { account }) => {
    const store = tokens.tokenStore(within(tx))
    await store.read(account.id)
    await store.write(account.id, { value: new Secret('t'), until: after }, 0)
  },
  'grants.grantStore': (tx, { merchant }) => grants.grantStore(within(tx)).token({ merchant }),
  'data-keys.dataKeys': (tx) => dataKeys.dataKeys(tx),
  'data-keys.openKeys': async (tx) => {
    await dataKeys.openKeys(within(tx))
    await tx.db.deleteFrom('data_key').execute()
    await dataKeys.openKeys(within(tx))
  },
  'data-keys.holdKeys': (tx) => dataKeys.holdKeys(within(tx)),
  'data-keys.giveKey': (tx, { tenant }) => dataKeys.giveKey(tx, tenant.id),
  'data-keys.insertKeys': (tx, { tenant }) => dataKeys.insertKeys(tx, [tx.sealer.keys.make(tenant.id)]),
  'data-keys.rewrapKeys': (tx) => dataKeys.rewrapKeys(tx, tx.sealer.keys, Buffer.alloc(32, 9)),
  'rotate.rotateMaster': (tx) => rotate.rotateMaster(within(tx), '', Buffer.alloc(32, 9)),
  'reseal.reseal': (tx) => reseal.reseal(within(tx), () => {}),
}

export const houseCases: Cases = { ...ruled, ...reminded, ...run, ...looked, ...kept }
