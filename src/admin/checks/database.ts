import { checksumFailures, databaseVersion } from '../../storage/health.ts'
import { type Looked, lookThrough } from '../../storage/integrity.ts'
import { type CheckParts, type Finding, type InstallationCheck, reportWithin } from '../doctor.ts'

/** PostgreSQL's first number from which on everything is tried. */
const leastPostgres = 15

/** @param file of SQLite: it is looked through by a thread of its own. Absent: PostgreSQL, which has its own tools for that. */
export const databaseCheck = (file: string | undefined): InstallationCheck => ({
  name: 'database',
  run: async (parts) => (file === undefined ? postgres(parts) : sqlite(parts, file)),
})

async function sqlite({ storage, patience = reportWithin }: CheckParts, file: string): Promise<readonly Finding[]> {
  const name = `SQLite ${await databaseVersion(storage.reads)}`
  return [ofFile(name, await lookThrough(file, patience - margin))]
}

/** The thread ends in time to be heard. */
const margin = 500

function ofFile(name: string, { faults, whole }: Looked): Finding {
  if (faults.length > 0)
    return {
      level: 'bad',
      what: {
        zh: `数据库文件已损坏（${name}）：${faults.join('；')}`,
        en: `the database file is damaged (${name}): ${faults.join('; ')}`,
      },
      fix: {
        zh: '停止服务，保留一份现在的数据文件夹，再用最近的备份恢复：redress restore FILE；并检查磁盘',
        en: 'stop the service, keep a copy of the data folder as it is, and restore the newest backup: redress restore FILE; see to the disk',
      },
    }
  if (whole) return { level: 'ok', what: { zh: `${name}，文件完好`, en: `${name}, its file is whole` } }
  return {
    level: 'ok',
    what: {
      zh: `${name}；文件太大，没有在几秒内查完（恢复备份时会全部检查）`,
      en: `${name}; its file is too large to be looked through in a few seconds (restoring a backup looks at all of it)`,
    },
  }
}

async function postgres({ storage }: CheckParts): Promise<readonly Finding[]> {
  const version = await databaseVersion(storage.reads)
  const failures = await checksumFailures(storage.reads)
  const found: Finding[] = []
  if (Number.parseInt(version, 10) < leastPostgres)
    found.push({
      level: 'warn',
      what: {
        zh: `PostgreSQL ${version}：只在 ${leastPostgres} 及以上版本测试过`,
        en: `PostgreSQL ${version}: it is tried from ${leastPostgres} on`,
      },
      fix: { zh: '升级 PostgreSQL', en: 'bring PostgreSQL up to date' },
    })
  if (failures > 0)
    found.push({
      level: 'bad',
      what: {
        zh: `PostgreSQL 报告 ${failures} 个数据页校验失败`,
        en: `PostgreSQL counts ${failures} pages whose checksum is wrong`,
      },
      fix: {
        zh: '检查磁盘，并从备份恢复（pg_restore，见 docs/operation.md）',
        en: 'see to the disk, and restore from a backup (pg_restore, see docs/operation.md)',
      },
    })
  return found.length > 0
    ? found
    : [{ level: 'ok', what: { zh: `PostgreSQL ${version}`, en: `PostgreSQL ${version}` } }]
}
