import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

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
    shown: (seconds) => shown.observe(seconds),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}
