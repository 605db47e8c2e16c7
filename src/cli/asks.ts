import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { Ended, exits } from './exit.ts'
import type { Asks } from './io.ts'

type Terminal<Stream> = Stream & { readonly isTTY?: boolean }

/** Asks at the terminal; questions go to stderr, so that what a command answers can go elsewhere. */
export function terminalAsks(
  input: Terminal<NodeJS.ReadableStream>,
  output: Terminal<NodeJS.WritableStream>,
): Asks | undefined {
  if (!input.isTTY || !output.isTTY) return undefined
  let hidden = false
  const shown = new Writable({
    write(chunk, _, done) {
      if (!hidden) output.write(chunk)
      done()
    },
  })
  const line = createInterface({ input, output: shown, terminal: true })
  return {
    ask: (question, how = {}) =>
      new Promise((resolve, reject) => {
        const stop = () =>
          reject(new Ended(exits.failed, '\nstopped: what was made stays, and the same command goes on'))
        line.once('close', stop)
        line.question(question, (answer) => {
          hidden = false
          line.off('close', stop)
          if (how.hidden) output.write('\n')
          resolve(answer)
        })
        hidden = how.hidden === true
      }),
    close: () => line.close(),
  }
}
