import type { NoticeId } from '../core/words.ts'
import { insertNotice, type NewNotice } from '../storage/notices.ts'
import type { Tx } from '../storage/storage.ts'
import type { Engine } from './engine.ts'
import { queues } from './queues.ts'

/** Writes a notice down with the job that tells it on. */
export async function announce(engine: Engine, tx: Tx, notice: NewNotice): Promise<NoticeId> {
  const id = await insertNotice(tx, notice)
  await engine.send(tx, queues.announce, id)
  return id
}
