import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What is counted; one per app, so that tests do not share figures. No label names a tenant, a person or a case. */
export interface Metrics {
  /** new, duplicate, ignored, handshake, busy, failed, or why it was refused */
  callback(platform: string, outcome: string): void
  /** done, failed, unknown … */
  acted(kind: string, state: string): void
  /** posted, edited, failed; plain: a line in place of a card; dropped: the chat refuses it … */
  delivered(channel: string, outcome: string): void
  /** a press or command: accepted, refused … */
  heard(outcome: string): void
  /** a merchant was asked for its complaints: done, busy, ended, failed */
  polled(platform: string, outcome: string): void
  /** how long the merchant that was not asked for longest has not been, seconds */
  pollsOldest(platform: string, seconds: number): void
  /** from the callback to the posted card, seconds */
  shown(seconds: number): void
  /** one call to somebody outside, from its first byte to the end of its answer; `outcome` is the class of its status, or the trouble */
  called(host: string, outcome: string, seconds: number): void
  /** one request to us, by the kind of its address */
  answered(route: string, status: number, seconds: number): void
  /** asked before each reading: what stands in the database at that moment */
  sample(from: () => Promise<Figures>): void
  /** Prometheus text format. */
  text(): Promise<string>
  readonly contentType: string
}

/** What stands open now. Ages in seconds. */
export interface Figures {
  readonly jobs: readonly {
    readonly queue: string
    readonly waiting: number
    readonly failing: number
    /** of the one that has been due for longest */
    readonly oldest: number
  }[]
  readonly actions: readonly {
    readonly kind: string
    readonly state: string
    readonly count: number
    readonly oldest: number
  }[]
  readonly owed: number
  readonly overdue: number
  readonly deliveries: readonly { readonly channel: string; readonly count: number }[]
  readonly deadLetters: number
  readonly parked: number
  readonly breakers: number
  readonly bots: { readonly enabled: number; readonly running: number }
  /** when the first certificate of each platform ends, seconds since 1970 */
  readonly certificates: readonly { readonly platform: string; readonly until: number }[]
}

const quick = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const named = (name: string, help: string, labelNames: readonly string[] = []) => ({
    name: `redress_${name}`,
    help,
    labelNames: [...labelNames],
    registers: [registry],
  })
  const counter = (...of: Parameters<typeof named>) => new Counter(named(...of))
  const callbacks = counter('callbacks_total', 'Platform callbacks by outcome', ['platform', 'outcome'])
  const actions = counter('actions_total', 'Platform actions by the state they reached', ['kind', 'state'])
  const deliveries = counter('deliveries_total', 'Messages to people by outcome', ['channel', 'outcome'])
  const heard = counter('chat_inputs_total', 'Presses and commands by outcome', ['outcome'])
  const polls = counter('polls_total', 'Merchants asked for their complaints, by outcome', ['platform', 'outcome'])
  const oldest = new Gauge(
    named('poll_oldest_seconds', 'Age of the oldest of the last polls of all merchants', ['platform']),
  )
  const shown = new Histogram({
    ...named('callback_to_card_seconds', 'From a stored callback to its posted card'),
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60],
  })
  const outside = new Histogram({
    ...named('outside_request_duration_seconds', 'Calls to somebody outside', ['host', 'outcome']),
    buckets: quick,
  })
  const http = new Histogram({
    ...named('http_request_duration_seconds', 'Requests to this service', ['route', 'status']),
    buckets: quick,
  })
  const standing = gauges(named)
  let from: (() => Promise<Figures>) | undefined
  return {
    callback: (platform, outcome) => callbacks.inc({ platform, outcome }),
    acted: (kind, state) => actions.inc({ kind, state }),
    delivered: (channel, outcome) => deliveries.inc({ channel, outcome }),
    heard: (outcome) => heard.inc({ outcome }),
    polled: (platform, outcome) => polls.inc({ platform, outcome }),
    pollsOldest: (platform, seconds) => oldest.set({ platform }, seconds),
    shown: (seconds) => shown.observe(seconds),
    called: (host, outcome, seconds) => outside.observe({ host, outcome }, seconds),
    answered: (route, status, seconds) => http.observe({ route, status: `${Math.floor(status / 100)}xx` }, seconds),
    sample(how) {
      from = how
    },
    async text() {
      standing.set(await from?.().catch(() => undefined))
      return registry.metrics()
    },
    contentType: registry.contentType,
  }
}

/** What stands open. Where it cannot be read, nothing is said of it, and that it cannot. */
function gauges(
  named: (name: string, help: string, labels?: readonly string[]) => ConstructorParameters<typeof Gauge>[0],
) {
  const gauge = (...of: Parameters<typeof named>) => new Gauge(named(...of))
  const up = gauge('database_up', 'Whether the database answered when this was read')
  const jobs = gauge('jobs_waiting', 'Jobs that wait, also for their time', ['queue'])
  const failing = gauge('jobs_failing', 'Jobs that have failed and are tried again', ['queue'])
  const jobAge = gauge('job_oldest_due_seconds', 'For how long the oldest job has been due', ['queue'])
  const actions = gauge('actions_unsettled', 'Actions whose outcome is not known yet', ['kind', 'state'])
  const actionAge = gauge('action_oldest_unsettled_seconds', 'Age of the oldest of them', ['kind', 'state'])
  const owed = gauge('moves_owed', 'Answers that platforms wait for, with an end')
  const overdue = gauge('moves_overdue', 'Those whose end has passed')
  const waiting = gauge('deliveries_waiting', 'Messages that wait to be sent', ['channel'])
  const dead = gauge('dead_letters', 'Messages that were given up')
  const parked = gauge('callbacks_parked', 'Callbacks of which nothing could be made')
  const breakers = gauge('breakers_tripped', 'Businesses whose automatic refunds are stopped')
  const enabled = gauge('bots_enabled', 'Chat connections that are to be there')
  const running = gauge('bots_running', 'Chat connections that are there')
  const ends = gauge('certificate_expires_timestamp_seconds', 'When the first certificate ends', ['platform'])
  const all = [jobs, failing, jobAge, actions, actionAge, owed, overdue, waiting, dead, parked, breakers]
  return {
    set(now: Figures | undefined) {
      up.set(now ? 1 : 0)
      for (const each of [...all, enabled, running, ends]) each.reset()
      if (!now) for (const each of [owed, overdue, dead, parked, breakers, enabled, running]) each.remove()
      if (!now) return
      for (const { queue, ...of } of now.jobs) {
        jobs.set({ queue }, of.waiting)
        failing.set({ queue }, of.failing)
        jobAge.set({ queue }, of.oldest)
      }
      for (const { kind, state, ...of } of now.actions) {
        actions.set({ kind, state }, of.count)
        actionAge.set({ kind, state }, of.oldest)
      }
      for (const { channel, count } of now.deliveries) waiting.set({ channel }, count)
      for (const { platform, until } of now.certificates) ends.set({ platform }, until)
      owed.set(now.owed)
      overdue.set(now.overdue)
      dead.set(now.deadLetters)
      parked.set(now.parked)
      breakers.set(now.breakers)
      enabled.set(now.bots.enabled)
      running.set(now.bots.running)
    },
  }
}
