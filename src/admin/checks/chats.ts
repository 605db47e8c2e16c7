import { listBots, type StoredBot } from '../../storage/bots.ts'
import { waitingRooms } from '../../storage/health.ts'
import { listRooms, type Room } from '../../storage/rooms.ts'
import { type CheckParts, type Finding, ofEach, prefixed } from '../doctor.ts'
import { ofEachTenant } from './tenants.ts'

export const botCheck = ofEachTenant('bots', async (parts, tenant) => {
  const { storage, bots } = parts
  const on = (await listBots(storage.reads, tenant.id)).filter(({ enabled }) => enabled)
  if (on.length === 0)
    return [
      {
        level: 'warn',
        what: { zh: '没有启用的聊天机器人', en: 'no bot is switched on' },
        fix: { zh: '运行 redress bot add', en: 'run: redress bot add' },
      },
    ]
  // Offline nothing runs, which says nothing.
  if (!bots) return []
  const rooms = await listRooms(storage.reads, tenant.id)
  return ofEach(parts, on, async ({ id, name }) => {
    const bot = bots.get(id)
    if (!bot) return [notRunning(name)]
    const spots = rooms.filter((room) => room.bot === id && !room.alone)
    const told = (await bot.inspect?.(spots)) ?? []
    const running: Finding = { level: 'ok', what: { zh: `${name} 运行中`, en: `${name} is running` } }
    return [running, ...told.map((finding) => prefixed(name, finding))]
  })
})

const notRunning = (name: string): Finding => ({
  level: 'bad',
  what: { zh: `${name} 没有运行`, en: `${name} is not running` },
  fix: {
    zh: '查看服务日志：凭据不对、网络不通，或另一个进程正在使用它',
    en: 'read the log: wrong credentials, no way to the chat, or another process holds it',
  },
})

/** Whether there is a group in which complaints appear, and where somebody can act on them. */
export const roomCheck = ofEachTenant('rooms', async (parts, tenant) => {
  const { storage } = parts
  const rooms = (await listRooms(storage.reads, tenant.id)).filter(({ alone }) => !alone)
  if (rooms.length === 0) return [noRoom]
  const bots = await listBots(storage.reads, tenant.id)
  const mute = rooms.filter(({ bot }) => bots.find(({ id }) => id === bot)?.enabled !== true)
  const heard = rooms.filter((room) => !mute.includes(room))
  const waiting = await waitingOf(parts, heard)
  const found = [
    ...mute.map((room) => switchedOff(room, bots, tenant.handle)),
    ...waiting,
    ...(heard.length > 0 && heard.every((room) => pushesOnly(parts, room, bots)) ? [nobodyHeard] : []),
  ]
  if (found.length > 0) return found
  return [{ level: 'ok', what: { zh: `${rooms.length} 个群`, en: `bound groups: ${rooms.length}` } }]
})

const noRoom: Finding = {
  level: 'warn',
  what: { zh: '没有绑定群，投诉没有地方显示', en: 'no group is bound: complaints are shown nowhere' },
  fix: {
    zh: '运行 redress room code，再在群里发送得到的 /bind 口令',
    en: 'run: redress room code, then send the /bind words that it gives in the group',
  },
}

const pushesOnly = ({ botKinds = [] }: CheckParts, room: Room, bots: readonly StoredBot[]): boolean => {
  const kind = bots.find(({ id }) => id === room.bot)?.kind
  return botKinds.some((one) => one.kind === kind && one.pushOnly === true)
}

const nobodyHeard: Finding = {
  level: 'warn',
  what: {
    zh: '所有群都只能推送：投诉看得到，但没有人能在群里操作',
    en: 'all groups are pushed to only: complaints are seen, and nobody can act on them there',
  },
  fix: {
    zh: '再加一个能听到命令的机器人（redress bot add，企业微信智能机器人或 Telegram），并绑定一个群',
    en: 'add a bot that hears (redress bot add: a smart bot of WeCom, or Telegram), and bind a group to it',
  },
}

function switchedOff({ title, chat, bot }: Room, bots: readonly StoredBot[], handle: string): Finding {
  const stored = bots.find(({ id }) => id === bot)
  const [room, name] = [title || chat, stored?.name ?? bot]
  const command = `redress bot enable ${bot} --tenant ${handle}`
  return {
    level: 'bad',
    what: {
      zh: `群「${room}」的机器人 ${name} 已停用：这个群收不到任何消息`,
      en: `the bot ${name} of the group "${room}" is switched off: nothing is posted there`,
    },
    fix: {
      zh: `启用：${command}；不再使用的群：redress room remove`,
      en: `switch it on: ${command}; or let the group go: redress room remove`,
    },
  }
}

/** Minutes that a message may wait for its group: a busy chat takes a few. */
const patient = 15

async function waitingOf({ storage, bots }: CheckParts, rooms: readonly Room[]): Promise<readonly Finding[]> {
  // Without a service everything waits.
  if (!bots) return []
  const waiting = await waitingRooms(
    storage.reads,
    rooms.map(({ id }) => id),
  )
  return rooms.flatMap(({ id, title, chat }) => {
    const { count = 0, minutes = 0 } = waiting.find(({ room }) => room === id) ?? {}
    return minutes < patient ? [] : [stuck(title || chat, count, minutes)]
  })
}

const stuck = (room: string, count: number, minutes: number): Finding => ({
  level: 'bad',
  what: {
    zh: `发往群「${room}」的 ${count} 条消息没有发出，最早的等了 ${minutes} 分钟`,
    en: `${count} messages to the group "${room}" have not gone out; the first has waited for ${minutes} minutes`,
  },
  fix: {
    zh: '确认机器人还在群里、没有被禁言；恢复后会自动补发，群已解散请运行 redress room remove',
    en: 'see that the bot is still in the group and may write; they go out by themselves then; if the group is gone: redress room remove',
  },
})
