import { z } from 'zod'
import { roomLinkUntil } from '../chat/case-link.ts'
import type { Complaint } from '../complaints/complaint.ts'
import type { Instant } from '../core/words.ts'
import {
  generationOf,
  type KnownPass,
  passesOf,
  revokeLinks,
  revokePass,
  revokeRoomLink,
} from '../storage/case-links.ts'
import { listMembers } from '../storage/members.ts'
import { listRooms, type Room } from '../storage/rooms.ts'
import { complaintAt } from './complaints.ts'
import { listOf } from './fields.ts'
import { none, silence, type TenantAsked, tenantOperation } from './operation.ts'
import type { AdminParts } from './parts.ts'
import { notThere } from './problem.ts'

/** What opens the page of a complaint. The link itself is known to whoever has it, and to nobody here. */
const linkView = z.object({
  /** Names it here; opens nothing. */
  id: z.string(),
  /** room: on the cards of a group; member: one person's own. */
  kind: z.enum(['room', 'member']),
  /** The group, or the member's handle. */
  for: z.string(),
  expiresAt: z.string(),
  /** Of a member's own: it was used, and whoever used it is in until it expires. */
  opened: z.boolean().exactOptional(),
  /** Of a group's: how often it was taken back; cards that are drawn after that carry another. */
  takenBack: z.number().exactOptional(),
})

/** One as it is known here. */
type Link =
  | { readonly kind: 'room'; readonly room: Room; readonly until: Instant; readonly takenBack: number }
  | { readonly kind: 'member'; readonly pass: KnownPass; readonly handle: string }

export const linkOperations = [
  tenantOperation({
    method: 'get',
    path: '/complaints/:running/links',
    summary: 'Lists the links that open the page of a complaint: those on cards in groups, and members’ own',
    query: none,
    body: none,
    status: 200,
    answer: listOf(linkView),
    async run(asked) {
      const complaint = await complaintOf(asked)
      return complaint ? { items: (await linksTo(asked.parts, complaint)).map(viewOf) } : notThere('complaint')
    },
  }),
  tenantOperation({
    method: 'delete',
    path: '/complaints/:running/links',
    summary: 'Takes back all links to a complaint: none that was given out before opens any more, and who is in is out',
    query: none,
    body: none,
    status: 204,
    answer: silence,
    async run(asked) {
      const complaint = await complaintOf(asked)
      if (!complaint) return notThere('complaint')
      await asked.parts.storage.transaction((tx) => revokeLinks(tx, asked.tenant.id, complaint.id))
      return undefined
    },
  }),
  tenantOperation({
    method: 'get',
    path: '/complaints/:running/links/:link',
    summary: 'Shows a link to a complaint, without what opens it',
    query: none,
    body: none,
    status: 200,
    answer: linkView,
    async run(asked) {
      const found = await linkOf(asked)
      return found ? viewOf(found.link) : notThere('link')
    },
  }),
  tenantOperation({
    method: 'delete',
    path: '/complaints/:running/links/:link',
    summary:
      'Takes a link back: of a group, those that its cards carry now; of a member, this one, and who is in is out',
    query: none,
    body: none,
    status: 204,
    answer: silence,
    async run(asked) {
      const found = await linkOf(asked)
      if (!found) return notThere('link')
      const { link, complaint } = found
      const of = { tenant: asked.tenant.id, complaint: complaint.id }
      await asked.parts.storage.transaction((tx) =>
        link.kind === 'member'
          ? revokePass(tx, { ...of, id: link.pass.id })
          : revokeRoomLink(tx, { ...of, room: link.room.id }),
      )
      return undefined
    },
  }),
]

type Told = Pick<TenantAsked<unknown, unknown>, 'parts' | 'tenant' | 'param'>

const complaintOf = ({ parts, tenant, param }: Told) => complaintAt(parts.storage.reads, tenant.id, param('running'))

async function linkOf(asked: Told): Promise<{ readonly complaint: Complaint; readonly link: Link } | undefined> {
  const complaint = await complaintOf(asked)
  const links = complaint ? await linksTo(asked.parts, complaint) : []
  const link = links.find((one) => idOf(one) === asked.param('link'))
  return complaint && link && { complaint, link }
}

async function linksTo(parts: AdminParts, complaint: Complaint): Promise<readonly Link[]> {
  const { reads } = parts.storage
  const links: Link[] = []
  // Without an address of ours no card leads anywhere.
  const rooms = parts.publicUrl === undefined ? [] : await listRooms(reads, complaint.tenant)
  for (const room of rooms) {
    const until = await roomLinkUntil(reads, { room, complaint, days: parts.caseLinkDays })
    if (until === undefined) continue
    const of = { tenant: complaint.tenant, complaint: complaint.id, room: room.id }
    links.push({ kind: 'room', room, until, takenBack: await generationOf(reads, of) })
  }
  const passes = await passesOf(reads, complaint.tenant, complaint.id)
  const members = passes.length === 0 ? [] : await listMembers(reads, complaint.tenant)
  for (const pass of passes) {
    const handle = members.find(({ id }) => id === pass.member)?.handle ?? pass.member
    links.push({ kind: 'member', pass, handle })
  }
  return links
}

// A letter first: on a command line what begins with a dash is an option.
const idOf = (link: Link): string => (link.kind === 'room' ? link.room.id : `lnk_${link.pass.id}`)

function viewOf(link: Link): z.input<typeof linkView> {
  if (link.kind === 'member') {
    const { pass, handle } = link
    return { id: idOf(link), kind: 'member', for: handle, expiresAt: pass.until, opened: pass.opened }
  }
  const { room, until, takenBack } = link
  return { id: room.id, kind: 'room', for: room.title || room.id, expiresAt: until, takenBack }
}
