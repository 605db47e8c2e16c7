import * as bindRequests from '../../../src/storage/bind-requests.ts'
import * as buttons from '../../../src/storage/buttons.ts'
import * as caseLinks from '../../../src/storage/case-links.ts'
import * as channels from '../../../src/storage/channels.ts'
import * as deliveries from '../../../src/storage/deliveries.ts'
import * as dispatches from '../../../src/storage/dispatches.ts'
import * as notices from '../../../src/storage/notices.ts'
import * as offers from '../../../src/storage/offers.ts'
import * as posts from '../../../src/storage/posts.ts'
import * as prompts from '../../../src/storage/prompts.ts'
import * as recipients from '../../../src/storage/recipients.ts'
import type { Cases } from './cases.ts'
import { after, button, none, now, picture, post } from './world.ts'

const inRooms: Cases = {
  'posts.currentPost': (tx, { room, complaint }) => posts.currentPost(tx, room.id, complaint.id),
  'posts.complaintOfPost': (tx, { room }) => posts.complaintOfPost(tx, room.id, post),
  'posts.forgetCurrentPost': (tx, { room, complaint }) => posts.forgetCurrentPost(tx, room.id, complaint.id),
  'posts.setCurrentPost': (tx, { room, complaint }) =>
    posts.setCurrentPost(tx, room.id, complaint.id, { post, shown: 'x' }),
  'posts.rememberPost': (tx, { room, complaint }) => posts.rememberPost(tx, room.id, complaint.id, post),
  'posts.setShown': (tx, { room }) => posts.setShown(tx, room.id, post, 'x'),
  'buttons.tokenFor': (tx, { tenant, room, complaint }) =>
    buttons.tokenFor(tx, { tenant: tenant.id, room: room.id, complaint: complaint.id, version: 1, intent: 'claim' }),
  'buttons.findButton': (tx) => buttons.findButton(tx, button),
  'prompts.askMember': (tx, { room, member, complaint }) =>
    prompts.askMember(tx, {
      ...{ room: room.id, member: member.id, complaint: complaint.id, version: 1, intent: 'x', key: 'k' },
      expiresAt: after,
    }),
  'prompts.findPrompt': (tx, { room, member }) => prompts.findPrompt(tx, room.id, member.id),
  'prompts.answerPrompt': (tx, { room, member, complaint }) =>
    prompts.answerPrompt(
      tx,
      {
        ...{ room: room.id, member: member.id, complaint: complaint.id, version: 1, intent: 'x', key: 'k' },
        expiresAt: after,
      },
      'a',
    ),
  'prompts.dropPrompt': (tx, { room, member }) => prompts.dropPrompt(tx, room.id, member.id),
  'offers.keepOffer': (tx, { tenant, complaint, room }) =>
    offers.keepOffer(tx, { tenant: tenant.id, complaint: complaint.id, room: room.id }, [picture]),
  'offers.findOffer': (tx) => offers.findOffer(tx, none()),
  'offers.offeredPictures': (tx) => offers.offeredPictures(tx, none()),
  'offers.offeredLately': (tx, { complaint, room }) =>
    offers.offeredLately(tx, { complaint: complaint.id, room: room.id }),
  'offers.takeOffer': (tx, { member }) => offers.takeOffer(tx, none(), member.id),
  'offers.giveBackOffer': (tx, { member }) => offers.giveBackOffer(tx, none(), member.id),
  'offers.letOffersGo': async (tx, { tenant, complaint, room }) => {
    const of = { tenant: tenant.id, complaint: complaint.id, room: room.id }
    const offer = await offers.keepOffer(tx, of, [picture])
    await offers.letOffersGo(tx, offer.expiresAt)
  },
}

const byLinks: Cases = {
  'case-links.generationOf': (tx, { tenant, complaint, room }) =>
    caseLinks.generationOf(tx, { tenant: tenant.id, complaint: complaint.id, room: room.id }),
  'case-links.revokeLinks': async (tx, { tenant, complaint }) => {
    await caseLinks.revokeLinks(tx, tenant.id)
    await caseLinks.revokeLinks(tx, tenant.id, complaint.id)
  },
  'case-links.revokeRoomLink': (tx, { tenant, complaint, room }) =>
    caseLinks.revokeRoomLink(tx, { tenant: tenant.id, complaint: complaint.id, room: room.id }),
  'case-links.createPass': (tx, { tenant, complaint, member, room }) =>
    caseLinks.createPass(tx, {
      ...{ tenant: tenant.id, complaint: complaint.id, member: member.id, room: room.id, user: 'u' },
      ...{ secret: 's', expiresAt: after },
    }),
  'case-links.passBehind': (tx) => caseLinks.passBehind(tx, 's'),
  'case-links.openPass': (tx) => caseLinks.openPass(tx, 's', { session: 'x', until: after }),
  'case-links.passesOf': (tx, { tenant, complaint }) => caseLinks.passesOf(tx, tenant.id, complaint.id),
  'case-links.revokePass': (tx, { tenant, complaint }) =>
    caseLinks.revokePass(tx, { id: 'p', tenant: tenant.id, complaint: complaint.id }),
  'case-links.passOpenedBy': (tx) => caseLinks.passOpenedBy(tx, 'p', 's'),
  'case-links.useNonce': (tx) => caseLinks.useNonce(tx, { id: 'p' }, 'n'),
  'case-links.letPassesGo': async (tx, { tenant, complaint, member, room }) => {
    await caseLinks.createPass(tx, {
      ...{ tenant: tenant.id, complaint: complaint.id, member: member.id, room: room.id, user: 'u' },
      ...{ secret: 's', expiresAt: now },
    })
    await caseLinks.letPassesGo(tx, now)
  },
}

const sent: Cases = {
  'notices.insertNotice': (tx, { tenant }) =>
    notices.insertNotice(tx, { tenant: tenant.id, notice: { kind: 'taken', bot: 'b' } }),
  'notices.findNotice': (tx) => notices.findNotice(tx, none()),
  'deliveries.insertDeliveries': (tx, { tenant, room }) =>
    deliveries.insertDeliveries(tx, { tenant: tenant.id, notice: none() }, [`room:${room.id}`]),
  'deliveries.waitingFor': (tx, { room }) => deliveries.waitingFor(tx, `room:${room.id}`, 9),
  'deliveries.nextWaiting': (tx, { room }) => deliveries.nextWaiting(tx, `room:${room.id}`),
  'deliveries.roomsTold': (tx) => deliveries.roomsTold(tx, none()),
  'deliveries.destinationsWaiting': (tx) => deliveries.destinationsWaiting(tx, 9),
  'deliveries.pendingAt': (tx, { channel }) => deliveries.pendingAt(tx, `email:${channel.id}`, 9),
  'deliveries.placesWaiting': (tx) => deliveries.placesWaiting(tx, 'email', 9),
  'deliveries.deadLetters': async (tx, { tenant }) => {
    await deliveries.deadLetters(tx, tenant.id, 9)
    await deliveries.deadLetters(tx, tenant.id, 9, { at: now, id: none() })
  },
  'deliveries.dismissDeliveries': (tx, { tenant }) => deliveries.dismissDeliveries(tx, tenant.id, some),
  'deliveries.unsendDeliveries': (tx) => deliveries.unsendDeliveries(tx, some, 'no'),
  'deliveries.foundDeliveries': (tx) => deliveries.foundDeliveries(tx, some),
  'deliveries.reviveDeliveries': (tx, { tenant }) => deliveries.reviveDeliveries(tx, tenant.id, some),
  'deliveries.settleDeliveries': (tx) => deliveries.settleDeliveries(tx, some, { state: 'sent' }),
  'deliveries.postponeDeliveries': (tx) => deliveries.postponeDeliveries(tx, some, { notBefore: after, error: 'no' }),
}

const some = [none<'delivery'>('a'), none<'delivery'>('b')]

const channelled: Cases = {
  'channels.createChannel': (tx, { tenant }) =>
    channels.createChannel(tx, {
      ...{ tenant: tenant.id, kind: 'sms', name: 'x', enabled: true, settings: {}, secrets: {} },
    }),
  'channels.changeChannel': (tx, { tenant, channel }) =>
    channels.changeChannel(tx, tenant.id, channel.id, { name: 'n', secrets: { password: 'q' } }),
  'channels.removeChannel': (tx, { tenant, channel }) => channels.removeChannel(tx, tenant.id, channel.id),
  'channels.findChannel': (tx, { channel }) => channels.findChannel(tx, channel.id),
  'channels.findChannelOf': (tx, { tenant, channel }) => channels.findChannelOf(tx, tenant.id, channel.id),
  'channels.lockChannel': (tx, { tenant, channel }) => channels.lockChannel(tx, tenant.id, channel.id),
  'channels.listChannels': (tx, { tenant }) => channels.listChannels(tx, tenant.id),
  'channels.stopChannel': (tx, { channel }) => channels.stopChannel(tx, channel.id, 'x'),
  'channels.holdChannel': (tx, { channel }) => channels.holdChannel(tx, channel.id, { until: after, why: 'x' }),
  'channels.enabledChannels': (tx) => channels.enabledChannels(tx),
  'channels.markEndingSaid': (tx, { channel }) => channels.markEndingSaid(tx, channel),
  'channels.channelWorks': (tx, { channel }) => channels.channelWorks(tx, channel.id),
  'recipients.createRecipient': (tx, world) => recipients.createRecipient(tx, newOne(world)),
  'recipients.keepRecipient': (tx, world) => recipients.keepRecipient(tx, newOne(world)),
  'recipients.changeRecipient': (tx, { tenant, channel, recipient }) =>
    recipients.changeRecipient(
      tx,
      { tenant: tenant.id, channel: channel.id, id: recipient.id },
      { address: 'b@example.com' },
    ),
  'recipients.removeRecipient': (tx, { tenant, channel, recipient }) =>
    recipients.removeRecipient(tx, { tenant: tenant.id, channel: channel.id, id: recipient.id }),
  'recipients.switchOff': (tx, { recipient }) => recipients.switchOff(tx, recipient.id, 'x'),
  'recipients.listRecipients': (tx, { channel }) => recipients.listRecipients(tx, channel.id),
  'recipients.listeners': (tx, { tenant }) => recipients.listeners(tx, tenant.id, 'email'),
  'recipients.findRecipient': (tx, { recipient }) => recipients.findRecipient(tx, recipient.id),
  'recipients.recipientAt': (tx, { tenant, channel }) =>
    recipients.recipientAt(tx, { tenant: tenant.id, channel: channel.id, address: 'a@example.com' }),
  'bind-requests.createBindRequest': (tx, { tenant, channel }) =>
    bindRequests.createBindRequest(tx, { tenant: tenant.id, channel: channel.id, label: '', wants: [] }),
  'bind-requests.useBindRequest': (tx, { channel }) => bindRequests.useBindRequest(tx, channel.id, 'x'),
}

const newOne = ({ tenant, channel }: Parameters<Cases[string]>[1]) => ({
  ...{ tenant: tenant.id, channel: channel.id, address: 'c@example.com', label: '', wants: [], enabled: true },
})

const dispatched: Cases = {
  'dispatches.startDispatch': (tx, { tenant, channel, recipient }) =>
    dispatches.startDispatch(tx, {
      ...{ tenant: tenant.id, channel: channel.id, recipient: recipient.id, deliveries: [] },
    }),
  'dispatches.endDispatch': (tx) => dispatches.endDispatch(tx, none(), { state: 'sent' }),
  'dispatches.goingDispatches': (tx, { channel }) => dispatches.goingDispatches(tx, channel.id),
  'dispatches.wentSince': (tx, { channel }) => dispatches.wentSince(tx, channel.id, now),
  'dispatches.listDispatches': (tx, { channel }) => dispatches.listDispatches(tx, channel.id, 9),
  'dispatches.unreportedDue': (tx) => dispatches.unreportedDue(tx, 9),
  'dispatches.unreportedOf': (tx, { channel, recipient }) =>
    dispatches.unreportedOf(tx, { channel: channel.id, recipient: recipient.id }),
  'dispatches.putOffReport': (tx) => dispatches.putOffReport(tx, none(), now),
  'dispatches.reportDispatch': (tx) => dispatches.reportDispatch(tx, none(), { reference: 'r', delivered: true }),
  'dispatches.dispatchesByReference': (tx, { channel }) => dispatches.dispatchesByReference(tx, channel.id, 'r'),
  'dispatches.undeliveredSince': (tx, { channel }) =>
    dispatches.undeliveredSince(tx, { channel: channel.id, delivery: none(), since: now }),
  'dispatches.lockGoing': (tx, { channel, recipient }) =>
    dispatches.lockGoing(tx, { channel: channel.id, recipient: recipient.id }),
  'dispatches.keepEarlyReport': (tx, { channel }) =>
    dispatches.keepEarlyReport(tx, { channel: channel.id, reference: 'r' }, { delivered: true, off: false }),
  'dispatches.takeEarlyReport': (tx, { channel }) => dispatches.takeEarlyReport(tx, channel.id, 'r'),
  'dispatches.forgetDispatches': (tx) => dispatches.forgetDispatches(tx, now, 9),
}

export const roomCases: Cases = { ...inRooms, ...byLinks, ...sent, ...channelled, ...dispatched }
