/** Every queue; a job's key is the id named here. */
export const queues = {
  /** callback id: read the detail of what a callback told us about */
  drain: 'drain',
  /** complaint id: ask the platform how it stands now */
  reread: 'reread',
  /** complaint id: fetch its pictures, if nobody has tried yet */
  pictures: 'pictures',
  /** action id: do it, or look whether it was done */
  carryOut: 'carry-out',
  /** action id: what it brings about once the platform has taken it */
  followUp: 'follow-up',
  /** complaint id: what rules make of it */
  rules: 'rules',
  /** ruling id: do what a rule decided, at its time */
  ruling: 'ruling',
  /** fact id: who is to be told */
  fanOut: 'fan-out',
  /** notice id: who is to be told */
  announce: 'announce',
  /** `<account>:<number>`: read a complaint that is wanted by its number */
  fetchWanted: 'fetch-wanted',
  /** `<round>:<account>`: look after an account beside its pushes */
  watch: 'watch',
  /** `<span>:<account>`: see what the platform's own list names that was not pushed */
  listing: 'listing',
  /** account id: ask for the complaints of those who stand under it */
  poll: 'poll',
  /** merchant id: see whether its authorisation holds, and for what */
  grant: 'grant',
  /** account id: see that the platform calls back here */
  address: 'address',
  /** alarm id: say it, if nothing has come meanwhile */
  alarm: 'alarm',
  /** destination (`room:<id>`): say what is waiting there, in order */
  deliver: 'deliver',
  /** `email:<channel>`, `official-account:<channel>`, `sms:<channel>`: say what is waiting there; one job per channel */
  email: 'email',
  officialAccount: 'official-account',
  sms: 'sms',
  /** recipient id: show somebody who has bound an own address that it works */
  greet: 'greet',
  /** `<room>:<channel>:<recipient>`: send test messages, and say in that room what became of them */
  testing: 'testing',
} as const

export type Queue = (typeof queues)[keyof typeof queues]
