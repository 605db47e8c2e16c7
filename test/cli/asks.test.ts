import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { terminalAsks } from '../../src/cli/asks.ts'
import { Ended } from '../../src/cli/exit.ts'

function terminal() {
  const input = Object.assign(new PassThrough(), { isTTY: true })
  const output = Object.assign(new PassThrough(), { isTTY: true })
  let shown = ''
  output.on('data', (chunk) => {
    shown += chunk
  })
  const asks = terminalAsks(input, output)
  if (!asks) throw new Error('a terminal was not recognised')
  return { input, asks, shown: () => shown }
}

test('what is typed is shown and answered; what is hidden is answered only', async () => {
  const { input, asks, shown } = terminal()
  const name = asks.ask('name: ')
  input.write('小店\r')
  expect(await name).toBe('小店')
  const token = asks.ask('token: ', { hidden: true })
  input.write('42:secret\r')
  expect(await token).toBe('42:secret')
  const after = asks.ask('after: ')
  input.write('seen\r')
  expect(await after).toBe('seen')
  asks.close()
  expect(shown()).toContain('小店')
  expect(shown()).toContain('token: ')
  expect(shown()).not.toContain('secret')
  expect(shown()).toContain('seen')
})

test.each([
  ['Ctrl+C', '\u0003'],
  ['Ctrl+D', '\u0004'],
])('%s ends the question and says that the same command goes on', async (_, typed) => {
  const { input, asks } = terminal()
  const asked = asks.ask('name: ')
  input.write(typed)
  await expect(asked).rejects.toThrow(Ended)
  await expect(asked).rejects.toThrow('goes on')
})

test('without a terminal nobody is asked', () => {
  expect(terminalAsks(new PassThrough(), Object.assign(new PassThrough(), { isTTY: true }))).toBeUndefined()
  expect(terminalAsks(Object.assign(new PassThrough(), { isTTY: true }), new PassThrough())).toBeUndefined()
})
