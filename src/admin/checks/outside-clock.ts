import type { Transport } from '../../core/transport.ts'
import { enabledAccounts } from '../../storage/accounts.ts'
import type { CheckParts, Finding, InstallationCheck } from '../doctor.ts'

const second = 1000
/** Platforms refuse what is signed more than five minutes apart; a Date header knows whole seconds. */
const warnFrom = 10 * second
const badFrom = 240 * second

/**
 * What those whom we speak to say the time is: two machines of ours may well be wrong together.
 * @param places of each platform its address; only those of platforms that have an account that is on are asked
 */
export const outsideClockCheck = (
  transport: Transport,
  places: Readonly<Record<string, string>>,
): InstallationCheck => ({
  name: 'outside clock',
  async run(parts) {
    const used = new Set((await enabledAccounts(parts.storage.reads)).map(({ platform }) => platform))
    const origins = new Set(
      Object.entries(places).flatMap(([name, url]) => (used.has(name as never) ? [new URL(url).origin] : [])),
    )
    if (origins.size === 0) return []
    const read = await Promise.all([...origins].map((origin) => skewAt(transport, parts, origin)))
    const known = read.filter((one) => one !== undefined)
    return known.length > 0 ? known.map(findingOf) : [unknown]
  },
})

interface Skew {
  readonly host: string
  /** We are so many milliseconds ahead; negative = behind. */
  readonly ahead: number
}

async function skewAt(transport: Transport, parts: CheckParts, origin: string): Promise<Skew | undefined> {
  const { clock } = parts.storage.reads
  const began = clock.now()
  const answer = await transport
    .send({ method: 'GET', url: `${origin}/`, ...(parts.patience === undefined ? {} : { timeout: parts.patience }) })
    // Why it does not answer is said where its account is looked at.
    .catch(() => undefined)
  const said = Date.parse(answer?.headers.date ?? '')
  if (Number.isNaN(said)) return undefined
  const ended = clock.now()
  // It was written down at some time within the call, and its fraction of a second was cut off.
  const ahead = said > ended ? ended - said : Math.max(0, began - (said + second))
  return { host: new URL(origin).host, ahead }
}

function findingOf({ host, ahead }: Skew): Finding {
  const [off, seconds] = [Math.abs(ahead), Math.round(Math.abs(ahead) / second)]
  if (off < warnFrom)
    return {
      level: 'ok',
      what: { zh: `本机时钟与 ${host} 一致`, en: `this machine's clock agrees with that of ${host}` },
    }
  return {
    level: off < badFrom ? 'warn' : 'bad',
    what: {
      zh: `本机时钟比 ${host} ${ahead > 0 ? '快' : '慢'} ${seconds} 秒；相差 5 分钟时签名会被拒绝，时限也会算错`,
      en: `this machine's clock is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} ${host}: at 5 minutes signatures are refused, and deadlines are reckoned wrong`,
    },
    fix: {
      zh: '在本机启用时间同步（chrony 或 systemd-timesyncd）；虚拟机请检查宿主机的时间',
      en: "switch time synchronisation on here (chrony or systemd-timesyncd); of a virtual machine see to its host's clock",
    },
  }
}

const unknown: Finding = {
  level: 'warn',
  what: {
    zh: '没有平台回答，无法核对本机时钟',
    en: 'no platform answered, so this machine’s clock could not be compared',
  },
  fix: {
    zh: '先解决到平台的网络问题（见账号的检查结果）',
    en: 'mend the way to the platforms first (see the accounts)',
  },
}
