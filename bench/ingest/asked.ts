/** In a process of the crew: what it was given, and its answers to what it is asked; it ends with the one that hired it. */
export const given = <Given>(): Given => JSON.parse(process.argv[2] ?? '{}') as Given

type Answers = Readonly<Record<string, (asked: never) => unknown>>

export function answer(answers: Answers, end: () => Promise<void> = async () => {}): void {
  process.on('message', async ({ nr, what, asked }: { nr: number; what: string; asked: never }) => {
    try {
      process.send?.({ nr, answer: await answers[what]?.(asked) })
    } catch (error) {
      process.send?.({ nr, error: error instanceof Error ? error.stack : String(error) })
    }
  })
  process.on('disconnect', () => end().finally(() => process.exit(0)))
}
