import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** What is counted; one per app, so that tests do not share figures. */
export interface Metrics {
  /** taken, duplicate, ignored, handshake, or why it was refused */
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
  /** Prometheus text format. */
  text(): Promise<string>
  readonly contentType: string
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const counter = (name: string, help: string, labelNames: readonly string[]) =>
    new Counter({ name, help, labelNames: [...labelNames], registers: [registry] })
  const callbacks = counter('redress_callbacks_total', 'Platform callbacks by outcome', ['platform', 'outcome'])
  const actions = counter('redress_actions_total', 'Platform actions by the state they reached', ['kind', 'state'])
  const deliveries = counter('redress_deliveries_total', 'Messages to people by outcome', ['channel', 'outcome'])
  const heard = counter('redress_chat_inputs_total', 'Presses and commands by outcome', ['outcome'])
  const polls = counter('redress_polls_total', 'Merchants asked for their complaints, by outcome', [
    'platform',
    'outcome',
  ])
  const oldest = new Gauge({
    name: 'redress_poll_oldest_seconds',
    help: 'Age of the oldest of the last polls of all merchants',
    labelNames: ['platform'],
    registers: [registry],
  })
  const shown = new Histogram({
    name: 'redress_callback_to_card_seconds',
    help: 'From a stored callback to its posted card',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60],
    registers: [registry],
  })
  return {
    callback: (platform, outcome) => callbacks.inc({ platform, outcome }),
    acted: (kind, state) => actions.inc({ kind, state }),
    delivered: (channel, outcome) => deliveries.inc({ channel, outcome }),
    heard: (outcome) => heard.inc({ outcome }),
    polled: (platform, outcome) => polls.inc({ platform, outcome }),
    pollsOldest: (platform, seconds) => oldest.set({ platform }, seconds),
    shown: (seconds) => shown.observe(seconds),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
