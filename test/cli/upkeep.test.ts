import { expect, test } from 'vitest'
import { redress } from './support.ts'

test('what opens the database says what it did, to a person and to a script', async () => {
  const kept = '/data/redress.db.before-x'
  const files: string[] = []
  const installation = {
    restore: async (file: string) => {
      files.push(file)
      return { kept }
    },
    rotateMaster: async () => ({ keys: 4, old: '/data/master.key.until-x' }),
    reseal: async (said: (where: string, values: number) => void) => {
      said('complaint.person', 12)
      return { values: 12, dropped: 3 }
    },
  }
  expect(await redress({ installation }, 'restore', 'b.db')).toMatchObject({
    exit: 0,
    out: expect.stringContaining(kept),
  })
  expect(files).toEqual(['b.db'])
  expect(JSON.parse((await redress({ installation }, 'restore', 'b.db', '--json')).out)).toEqual({ kept })
  expect((await redress({ installation }, 'rotate-master')).out).toContain('master.key.until-x')
  const given = { rotateMaster: async () => ({ keys: 4 }) }
  expect((await redress({ installation: given }, 'rotate-master', '--key-file', 'k')).out).toContain(
    'REDRESS_MASTER_KEY',
  )
  expect(await redress({ installation }, 'reseal')).toMatchObject({
    err: 'complaint.person: 12\n',
    out: expect.stringMatching(/12 values.*3 old keys/),
  })
  const json = await redress({ installation }, 'reseal', '--json')
  expect([JSON.parse(json.out), json.err]).toEqual([{ values: 12, dropped: 3 }, ''])
})
