/** Milliseconds between two questions: for a merchant with a complaint in the last 7 days, and for every other. */
export interface PollEvery {
  readonly active: number
  readonly idle: number
}
