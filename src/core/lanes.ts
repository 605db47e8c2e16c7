/** One thing after the other for each name; different names do not wait for each other. */
export interface Lanes {
  add(name: string, job: () => Promise<void>): Promise<void>
}

export function createLanes(): Lanes {
  const tails = new Map<string, Promise<void>>()
  return {
    add(name, job) {
      const tail = (tails.get(name) ?? Promise.resolve()).catch(() => undefined).then(job)
      tails.set(name, tail)
      return tail.finally(() => {
        if (tails.get(name) === tail) tails.delete(name)
      })
    },
  }
}
