import type { Complaint } from '../complaints/complaint.ts'
import type { Fact, Recorded } from '../complaints/fact.ts'
import { appendFacts } from '../storage/facts.ts'
import type { Tx } from '../storage/storage.ts'
import type { Engine } from './engine.ts'
import { queues } from './queues.ts'

/** Writes facts down with the job that tells them on; the caller holds the complaint's lock. */
export async function tell(
  engine: Engine,
  tx: Tx,
  complaint: Pick<Complaint, 'id' | 'tenant'>,
  facts: readonly Fact[],
): Promise<readonly Recorded[]> {
  const recorded = await appendFacts(tx, complaint, facts)
  for (const { id } of recorded) await engine.send(tx, queues.fanOut, id)
  return recorded
}
