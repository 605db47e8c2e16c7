import { OutsideError, type Trouble } from '../../src/core/errors.ts'
import { oneLine } from '../../src/core/plain.ts'
import { unsaid } from '../../src/core/unsaid.ts'
import { refusal } from './wire.ts'

interface Details {
  readonly status?: number
  readonly description?: string
  readonly wait?: number
  readonly code?: string
  readonly movedTo?: string
}

/** Telegram's no, or its silence. */
export class TelegramTrouble extends OutsideError {
  /** Their HTTP-like code; 0 when there was no answer. */
  readonly status: number
  /** In their words. */
  readonly description: string
  /** The group has become a supergroup with this id. */
  readonly movedTo: string | undefined

  constructor(trouble: Trouble, message: string, more: Details = {}) {
    const { status = 0, description = '', wait, code, movedTo } = more
    super(trouble, message, { code: code ?? String(status), ...(wait === undefined ? {} : { wait }) })
    this.status = status
    this.description = description
    this.movedTo = movedTo
  }
}

/**
 * What went wrong in a call of `method`. Only their answer's own words are passed on, without what is `hidden`: telegraf's errors hold what was sent,
 * and those of its HTTP client the address with the token (in the stack, and at an unreadable answer in the message too).
 */
export function troubleOf(
  error: unknown,
  method: string,
  { late, hidden }: { readonly late: boolean; readonly hidden: readonly string[] },
): OutsideError {
  if (error instanceof OutsideError) return error
  const read = refusal.safeParse(error)
  if (read.success) return refused(read.data.response, { method, hidden })
  const code = codeOf(error)
  if (late) return new TelegramTrouble('unknown', `${method}: no answer in time`, { code: 'timeout' })
  return new TelegramTrouble(
    neverLeft.test(code) ? 'unreachable' : 'unknown',
    `${method}: ${code || 'no readable answer'}`,
    {
      code,
    },
  )
}

function refused(
  said: ReturnType<typeof refusal.parse>['response'],
  { method, hidden }: { readonly method: string; readonly hidden: readonly string[] },
): TelegramTrouble {
  const { error_code: status, parameters } = said
  const description = oneLine(unsaid(said.description, hidden)).slice(0, 300)
  const trouble = troubleBy(status, description)
  const movedTo = parameters?.migrate_to_chat_id
  return new TelegramTrouble(trouble, `${method}: ${status} ${description}`, {
    status,
    description,
    ...(status === 429 ? { wait: (parameters?.retry_after ?? 5) * 1000 } : {}),
    ...(movedTo === undefined ? {} : { movedTo: String(movedTo) }),
  })
}

// The names of what a person must mend come as 400 like any other mistake.
const mend =
  /not enough rights|no rights|administrator rights|CHAT_\w*(FORBIDDEN|RESTRICTED)|TOPIC_CLOSED|thread not found|chat not found|not a member|was kicked/i

function troubleBy(status: number, description: string): Trouble {
  if (status === 429 || status === 409) return 'busy'
  if (status === 401 || status === 403 || status === 404) return 'forbidden'
  if (status >= 500) return 'unknown'
  return mend.test(description) ? 'forbidden' : 'refused'
}

const neverLeft =
  /^(ENOTFOUND|EAI_\w+|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|CERT_\w+|ERR_TLS_CERT\w+|\w*SELF_SIGNED\w*|UNABLE_TO_\w+)$/

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/** What is said of a message: Telegram has no codes for these, only sentences. */
export const says = (error: unknown, pattern: RegExp): boolean =>
  error instanceof TelegramTrouble && error.status === 400 && pattern.test(error.description)
