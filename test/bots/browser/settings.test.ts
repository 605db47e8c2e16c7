import { expect, test } from 'vitest'
import { parseSettings } from '../../../bots/browser/settings.ts'
import { group } from './group.ts'

test('beside the accounts of real shops the page is refused until it is wanted by name', () => {
  expect(() => parseSettings(group, { realAccounts: true })).toThrow(/settings.allowRealAccounts/)
  expect(parseSettings({ ...group, allowRealAccounts: true }, { realAccounts: true }).rooms).toEqual(group.rooms)
  expect(parseSettings(group, { realAccounts: false }).rooms).toEqual(group.rooms)
})
