import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { jobFigures } from '../../storage/figures.ts'
import { databaseNow, type FailingJob, failingJobs } from '../../storage/health.ts'
import type { Finding, InstallationCheck } from '../doctor.ts'

const skewWarn = 2_000
const skewBad = 60_000
/** From this attempt on nobody should expect it to mend itself. */
const hopeless = 10

/** Platform signatures and deadlines are read by this clock; rows are compared with the database's. */
export const clockCheck: InstallationCheck = {
  name: 'clock',
  async run({ storage }) {
    const ours = storage.reads.clock.now()
    const theirs = await databaseNow(storage.reads)
    // An answer that was long in coming is no skew: only what lies outside the time of asking is.
    const skew = Math.max(ours - theirs, theirs - storage.reads.clock.now(), 0)
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
export const schemaCheck = (lacking: () => Promise<readonly string[]>): InstallationCheck => ({
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
export const folderCheck = (folder: string, files: readonly string[]): InstallationCheck => ({
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

/** Seconds that a job may be due before its queue is said to be stuck. */
const slow = 5 * 60
const stuck = 30 * 60

export const workCheck: InstallationCheck = {
  name: 'work',
  async run({ storage, bots }) {
    const failing = await failingJobs(storage.reads, hopeless, 5)
    // Without a service everything waits, which says nothing.
    const queues = bots ? (await jobFigures(storage.reads)).filter(({ oldest }) => oldest >= slow) : []
    const found = [...failing.map(failed), ...queues.map(waits)]
    return found.length > 0 ? found : [{ level: 'ok', what: { zh: '没有卡住的任务', en: 'no job is stuck' } }]
  },
}

const failed = ({ queue, key, attempts, error }: FailingJob): Finding => ({
  level: 'bad',
  what: {
    zh: `任务 ${queue} ${key} 已失败 ${attempts} 次：${error}`,
    en: `the job ${queue} ${key} has failed ${attempts} times: ${error}`,
  },
  fix: {
    zh: `按错误信息处理；修好后会自动重试，或立即重试：redress replay job ${queue} ${key}`,
    en: `mend what the error names; it is tried again by itself, or at once: redress replay job ${queue} ${key}`,
  },
})

function waits({ queue, waiting, oldest }: { queue: string; waiting: number; oldest: number }): Finding {
  const minutes = Math.floor(oldest / 60)
  return {
    level: oldest < stuck ? 'warn' : 'bad',
    what: {
      zh: `队列 ${queue} 的任务等了 ${minutes} 分钟还没有开始（共 ${waiting} 个）`,
      en: `jobs of ${queue} have been due for ${minutes} minutes and not begun (of ${waiting})`,
    },
    fix: {
      zh: '查看日志里这个队列的错误、数据库是否过慢；重启服务不会丢失任务',
      en: 'look into the log for this queue, and whether the database is slow; a restart loses no job',
    },
  }
}
