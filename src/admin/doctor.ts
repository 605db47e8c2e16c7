import type { Bot } from '../chat/chat.ts'
import { told } from '../core/errors.ts'
import type { BotId } from '../core/words.ts'
import type { ChannelKind } from '../notify/kind.ts'
import type { Finding } from '../platforms/platform.ts'
import type { Platforms } from '../platforms/registry.ts'
import type { Storage } from '../storage/storage.ts'

export type { Both, Finding } from '../platforms/platform.ts'

export interface CheckParts {
  readonly storage: Pick<Storage, 'reads'>
  readonly platforms: Platforms
  readonly publicUrl?: string
  readonly channelKinds?: readonly ChannelKind[]
  /** Absent where no service runs: then nothing is said about what only a running one knows. */
  readonly bots?: { get(id: BotId): Pick<Bot, 'inspect'> | undefined }
}

/** One question about the health of the installation; every issue adds its own. */
export interface Check {
  readonly name: string
  run(parts: CheckParts): Promise<readonly Finding[]>
}

export interface Report {
  /** Nothing is bad. */
  readonly healthy: boolean
  readonly findings: readonly (Finding & { readonly check: string })[]
}

export async function examine(checks: readonly Check[], parts: CheckParts): Promise<Report> {
  const found = await Promise.all(checks.map((check) => runOne(check, parts)))
  const findings = found.flat()
  return { healthy: findings.every(({ level }) => level !== 'bad'), findings }
}

async function runOne({ name, run }: Check, parts: CheckParts): Promise<Report['findings']> {
  try {
    return (await run(parts)).map((finding) => ({ check: name, ...finding }))
  } catch (error) {
    return [{ check: name, ...notExamined(told(error)) }]
  }
}

const notExamined = (why: string): Finding => ({
  level: 'bad',
  what: { zh: `无法检查：${why}`, en: `could not be examined: ${why}` },
  fix: { zh: '查看服务日志', en: "read the service's log" },
})
