export interface ErrorParameters {
  readonly retry_after?: number
  readonly migrate_to_chat_id?: number
}

/** What Telegram answers instead of doing it. Thrown by the methods, caught by the gateway alone: each method is one line of checks. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: number
  readonly parameters: ErrorParameters | undefined

  constructor(code: number, description: string, parameters?: ErrorParameters) {
    super(description)
    this.code = code
    this.parameters = parameters
  }
}

export const badRequest = (what: string, parameters?: ErrorParameters): Refusal =>
  new Refusal(400, `Bad Request: ${what}`, parameters)

export const forbidden = (what: string): Refusal => new Refusal(403, `Forbidden: ${what}`)

export const conflict = (what: string): Refusal => new Refusal(409, `Conflict: ${what}`)

export const tooMany = (seconds: number): Refusal =>
  new Refusal(429, `Too Many Requests: retry after ${seconds}`, { retry_after: seconds })

export const conflicts = {
  poll: 'terminated by other getUpdates request; make sure that only one bot instance is running',
  setWebhook: 'terminated by setWebhook request',
  webhook: "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
} as const
