import { type DestinationStream, pino } from 'pino'

/** What every part may say; fields first, then a plain sentence. Levels: debug = one request, info = a change of state, warn = handled trouble, error = needs a person. */
export interface Logger {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  child(fields: object): Logger
}

// Secrets are a class that prints as '[secret]' (seal.ts); this list is the second fence, for what comes from outside.
const secretPaths = ['secret', 'token', 'aesKey', 'access_token', 'authorization', 'phone', 'openid', 'cookie'].flatMap(
  (name) => [name, `*.${name}`, `*.*.${name}`],
)

export interface LogOptions {
  readonly level?: string
  readonly destination?: DestinationStream
}

export function createLogger(options: LogOptions = {}): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: secretPaths, censor: '[secret]' },
    },
    options.destination ?? pino.destination(2),
  )
}

/** Says nothing: for tests and for parts whose speech is not wanted. */
export const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => silent,
}
