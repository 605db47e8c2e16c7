import { listChannels, type StoredChannel } from '../../storage/channels.ts'
import { deadLetters } from '../../storage/deliveries.ts'
import { listRecipients } from '../../storage/recipients.ts'
import { type CheckParts, type Finding, ofEach } from '../doctor.ts'
import { apart, ofEachTenant } from './tenants.ts'

/** Whether each channel that is on would get through, and tells somebody. Nothing is said where there is none. */
export const channelCheck = ofEachTenant('channels', async (parts, tenant) => {
  const channels = await listChannels(parts.storage.reads, tenant.id)
  const on = channels.filter(({ enabled }) => enabled)
  const found = await ofEach(parts, on, (channel) => examined(parts, channel))
  const dead = channels.length > 0 ? await deadLetters(parts.storage.reads, tenant.id, 500) : []
  return [...found, ...(dead.length > 0 ? [unsent(dead.length)] : [])]
})

async function examined(parts: CheckParts, channel: StoredChannel): Promise<readonly Finding[]> {
  const kind = parts.channelKinds?.find((each) => each.kind === channel.kind)
  if (!kind) return []
  const recipients = (await listRecipients(parts.storage.reads, channel.id)).filter(({ enabled }) => enabled)
  return [
    ...(channel.stopped ? [stopped(channel, channel.stopped.why)] : []),
    ...(await kind.inspect(channel)),
    ...(recipients.length > 0 ? [] : [nobody(channel)]),
  ]
}

function stopped({ name }: StoredChannel, why: string): Finding {
  const { zh, en } = apart(why)
  return {
    level: 'bad',
    what: { zh: `${name}：已停止发送：${zh}`, en: `${name}: it has stopped: ${en}` },
    fix: { zh: '改好后运行 redress channel enable', en: 'once it is mended, run: redress channel enable' },
  }
}

const nobody = ({ name }: StoredChannel): Finding => ({
  level: 'warn',
  what: { zh: `${name}：没有接收人`, en: `${name}: nobody is told through it` },
  fix: { zh: '运行 redress recipient add', en: 'run: redress recipient add' },
})

const unsent = (count: number): Finding => ({
  level: 'warn',
  what: { zh: `${count} 条通知没有送达`, en: `messages that reached nobody: ${count}` },
  fix: {
    zh: '运行 redress letter list 查看原因，改好后运行 redress letter retry',
    en: 'redress letter list says why; once it is mended, run: redress letter retry',
  },
})
