import type { Complaint } from '../complaints/complaint.ts'
import type { Answer } from './chat.ts'
import type { Context } from './context.ts'
import { drawCard } from './draw.ts'

/** The complaint's card, once more. */
export async function show({ parts, room }: Context, complaint: Complaint): Promise<Answer> {
  return {
    card: await parts.storage.transaction((tx) => drawCard(tx, parts, room, complaint)),
    about: complaint.id,
    current: true,
  }
}
