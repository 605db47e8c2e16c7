import { statfs } from 'node:fs/promises'
import { millis } from '../../core/words.ts'
import { newestBackup } from '../../storage/backup.ts'
import type { Finding, InstallationCheck } from '../doctor.ts'

const day = 86_400_000

/** As package.json says. */
export const leastNode = [20, 19] as const

/** When its makers stop mending a line of Node.js: nodejs.org/en/about/previous-releases */
const ends: Readonly<Record<number, string>> = { 20: '2026-04-30', 22: '2027-04-30', 24: '2028-04-30' }

/** @param version as `process.version` says it: v20.19.1 */
export const nodeCheck = (version: string): InstallationCheck => ({
  name: 'node',
  async run({ storage }) {
    const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
    const least = leastNode.join('.')
    const fix = {
      zh: '安装 Node.js 的当前 LTS 版本，再启动服务',
      en: 'install the present LTS version of Node.js, and start the service by it',
    }
    if (major < leastNode[0] || (major === leastNode[0] && minor < leastNode[1]))
      return [
        {
          level: 'bad',
          what: {
            zh: `Node.js ${version} 太旧，至少需要 ${least}`,
            en: `Node.js ${version} is too old: ${least} at least`,
          },
          fix,
        },
      ]
    const end = ends[major]
    if (end === undefined || storage.reads.clock.now() < Date.parse(end) + day)
      return [{ level: 'ok', what: { zh: `Node.js ${version}`, en: `Node.js ${version}` } }]
    return [
      {
        level: 'warn',
        what: {
          zh: `Node.js ${version} 已于 ${end} 停止安全更新`,
          en: `Node.js ${version} has had no security updates since ${end}`,
        },
        fix,
      },
    ]
  },
})

const mib = 1024 * 1024

export interface Room {
  /** Bytes below which it is said. */
  readonly warn: number
  readonly bad: number
}

/** Pictures and callbacks come all the time; a database without room loses nothing, and takes nothing either. */
export const diskCheck = (
  folder: string,
  { warn, bad }: Room = { warn: 2048 * mib, bad: 256 * mib },
): InstallationCheck => ({
  name: 'disk',
  async run() {
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize
    const shown = free >= 1024 * mib ? `${(free / 1024 / mib).toFixed(1)} GiB` : `${Math.floor(free / mib)} MiB`
    const what = { zh: `数据所在磁盘剩余 ${shown}`, en: `free on the disk of the data folder: ${shown}` }
    if (free >= warn) return [{ level: 'ok', what }]
    return [
      {
        level: free < bad ? 'bad' : 'warn',
        what,
        fix: {
          zh: '扩大磁盘，或删除旧备份（redress backup --keep 7）；写满后平台的回调会被拒绝',
          en: 'make the disk larger, or drop old backups (redress backup --keep 7): on a full disk callbacks are turned away',
        },
      },
    ]
  },
})

/** Days after which the newest backup is called old; one a night is what docs/operation.md asks for. */
const old = 2

/** Of SQLite, whose backups lie in the data folder. */
export const backupCheck = (folder: string): InstallationCheck => ({
  name: 'backup',
  async run({ storage }) {
    const newest = await newestBackup(folder)
    if (newest === undefined) return [aged({ zh: '还没有备份', en: 'there is no backup yet' })]
    const days = Math.floor((storage.reads.clock.now() - millis(newest)) / day)
    const what = {
      zh: `最近的备份：${newest.slice(0, 16).replace('T', ' ')} UTC`,
      en: `the newest backup is of ${newest.slice(0, 16).replace('T', ' ')} UTC`,
    }
    if (days < old) return [{ level: 'ok', what }]
    return [aged({ zh: `${what.zh}，已过 ${days} 天`, en: `${what.en}, ${days} days old` })]
  },
})

const aged = (what: Finding['what']): Finding => ({
  level: 'warn',
  what,
  fix: {
    zh: '运行 redress backup --keep 14，并让 cron 每晚运行一次；备份和 master.key 分开保存到别的机器',
    en: 'run: redress backup --keep 14, and let cron do so every night; keep it and master.key apart, on other machines',
  },
})
