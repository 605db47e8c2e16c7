const remembered = 2_000

/** Telegram sends an update again when it is not sure that we had it; the second time waits for the first. */
export function once<Update extends { readonly update_id: number }>(
  handle: (update: Update) => Promise<void>,
): (update: Update) => Promise<void> {
  const handled = new Map<number, Promise<void>>()
  return (update) => {
    const known = handled.get(update.update_id)
    if (known) return known
    const work = handle(update)
    handled.set(update.update_id, work)
    for (const old of handled.keys()) {
      if (handled.size <= remembered) break
      handled.delete(old)
    }
    return work
  }
}
