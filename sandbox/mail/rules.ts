const minute = 60_000

/** What 163 does not publish; each can be set. Of a number, 0 is none. */
export const defaultRules = {
  /** notifications.md §2.2: From is the login address; whether the header's is looked at is not documented. */
  fromIsAccount: true,
  headerFromToo: true,
  /** Wrong logins before the account is blocked for a while, and for how long (§2.3). */
  wrongLogins: 5,
  blockMs: 30 * minute,
  /** Windows of §2.2: MI:SFQ, per connection MI:DMC and RP:DRC, receivers in short time RP:QRC, per day RP:TRC, connections per day MI:STC. */
  mailsPer15Minutes: 0,
  mailsPerConnection: 0,
  receiversPerConnection: 0,
  receiversPerHour: 0,
  receiversPerDay: 0,
  connectionsPerDay: 0,
  /** At the same time; HL:ICC. */
  connectionsAtOnce: 0,
  /** In one mail; RP:RCL. */
  receiversPerMail: 40,
  /** How often the same text passes before it is DT:SPM. */
  sameText: 0,
  /** A receiver never written to before is put off for so long (450). */
  greylistMs: 0,
  maxBytes: 50 * 1024 * 1024,
}

export type Rules = Readonly<typeof defaultRules>
