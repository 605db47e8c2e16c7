/** One merchant's consent to one third-party app, as its present token tells. */
export interface Grant {
  readonly isvAppId: string
  readonly authAppId: string
  readonly pid: string
  /** ≤ 40 characters. */
  readonly token: string
  readonly refreshToken: string
  readonly since: number
  /** The API names that this consent covers. */
  readonly methods: readonly string[]
  readonly state: 'valid' | 'cancelled' | 'replaced'
  /** A replaced token still works until then. */
  readonly worksUntil?: number
}

/** What a merchant's consent brings: where its browser goes next. */
export interface Consent {
  readonly code: string
  /** The redirect with app_id, source, app_auth_code and, if the link had one, state. */
  readonly redirect: string
}
