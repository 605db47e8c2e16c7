import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { databaseNow, failingJobs, parkedCallbacks } from '../../storage/health.ts'
import type { Check, Finding } from '../doctor.ts'

const skewWarn = 2_000
const skewBad = 60_000
/** From this attempt on nobody should expect it to mend itself. */
const hopeless = 10

/** Platform signatures and deadlines are read by this clock; rows are compared with the database's. */
export const clockCheck: Check = {
  name: 'clock',
  async run({ storage }) {
    const ours = storage.reads.clock.now()
    const skew = Math.abs((await databaseNow(storage.reads)) - ours)
    const fix = {
      zh: '在两台机器上启用时间同步（chrony 或 systemd-timesyncd）',
      en: 'switch time synchronisation on, on both machines (chrony or systemd-timesyncd)',
    }
    if (new Date(ours).getUTCFullYear() < 2025)
      return [{ level: 'bad', what: { zh: '本机时钟停在过去', en: "this machine's clock is in the past" }, fix }]
    const seconds = (skew / 1000).toFixed(1)
    const what = {
      zh: `数据库与本进程的时钟相差 ${seconds} 秒`,
      en: `database and process differ by ${seconds} s`,
    }
    if (skew < skewWarn) return [{ level: 'ok', what }]
    return [{ level: skew < skewBad ? 'warn' : 'bad', what, fix }]
  },
}

/** @param lacking the migrations that the database still needs */
export const schemaCheck = (lacking: () => Promise<readonly string[]>): Check => ({
  name: 'schema',
  async run() {
    const names = await lacking()
    if (names.length === 0)
      return [{ level: 'ok', what: { zh: '数据库结构是最新的', en: 'the database is up to date' } }]
    return [
      {
        level: 'bad',
        what: { zh: `数据库缺少迁移：${names.join('、')}`, en: `the database lacks ${names.join(', ')}` },
        fix: { zh: '停止服务后运行 redress migrate', en: 'stop the service and run: redress migrate' },
      },
    ]
  },
})

/** @param files names of the key files that must be there, and be nobody else's */
export const folderCheck = (folder: string, files: readonly string[]): Check => ({
  name: 'data folder',
  async run() {
    const found = await Promise.all([
      modeFinding(folder, { most: 0o700, bad: false }),
      ...files.map((file) => modeFinding(join(folder, file), { most: 0o600, bad: true })),
    ])
    const wrong = found.filter((finding) => finding !== undefined)
    return wrong.length > 0
      ? wrong
      : [{ level: 'ok', what: { zh: `${folder} 只有本用户可以读取密钥`, en: `the keys in ${folder} are ours alone` } }]
  },
})

async function modeFinding(path: string, wanted: { most: number; bad: boolean }): Promise<Finding | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (!found) return { level: 'bad', what: { zh: `${path} 不存在`, en: `${path} is missing` }, fix: lost }
  const mode = found.mode & 0o777
  // Windows has no such bits; it shows 666 for everything.
  if (process.platform === 'win32' || (mode & ~wanted.most) === 0) return undefined
  const octal = mode.toString(8)
  return {
    level: wanted.bad ? 'bad' : 'warn',
    what: { zh: `${path} 的权限是 ${octal}，其他用户可以读取`, en: `${path} has mode ${octal}: others may read it` },
    fix: { zh: `chmod ${wanted.most.toString(8)} ${path}`, en: `chmod ${wanted.most.toString(8)} ${path}` },
  }
}

const lost = {
  zh: '从备份恢复；没有主密钥，已保存的密钥和个人信息无法解密',
  en: 'restore it from the backup: without the master key, stored secrets and personal data cannot be opened',
}

export const workCheck: Check = {
  name: 'work',
  async run({ storage }) {
    const parked = (await parkedCallbacks(storage.reads)).reduce((sum, { count }) => sum + count, 0)
    const jobs = await failingJobs(storage.reads, hopeless, 5)
    const found: Finding[] = jobs.map(({ queue, key, attempts, error }) => ({
      level: 'bad',
      what: {
        zh: `任务 ${queue} ${key} 已失败 ${attempts} 次：${error}`,
        en: `the job ${queue} ${key} has failed ${attempts} times: ${error}`,
      },
      fix: { zh: '按错误信息处理；修好后会自动重试', en: 'mend what the error names; it is tried again by itself' },
    }))
    if (parked > 0)
      found.push({
        level: 'bad',
        what: { zh: `${parked} 条平台回调无法处理`, en: `nothing could be made of ${parked} callbacks` },
        fix: {
          zh: '在日志中查找 “callback parked” 查看原因；账号被删除或回调内容异常',
          en: 'look for "callback parked" in the log: the account is gone, or the message was strange',
        },
      })
    return found.length > 0
      ? found
      : [{ level: 'ok', what: { zh: '没有卡住的任务和回调', en: 'no job and no callback is stuck' } }]
  },
}
