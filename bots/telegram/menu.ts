import type { MenuEntry } from '../../src/chat/chat.ts'
import { oneLine } from '../../src/core/plain.ts'
import type { Api } from './api.ts'
import { cut } from './plain.ts'

const most = 100
const scopes = ['default', 'all_group_chats', 'all_private_chats'] as const

/** Chinese help for who reads Chinese, English (where there is one) for everybody else. */
export async function sendMenu(api: Pick<Api, 'call'>, entries: readonly MenuEntry[]): Promise<void> {
  const named = entries.filter(({ name }) => /^[a-z0-9_]{1,32}$/.test(name)).slice(0, most)
  const commands = (help: (entry: MenuEntry) => string) =>
    named.map((entry) => ({ command: entry.name, description: cut(oneLine(help(entry)), 256) || entry.name }))
  for (const type of scopes) {
    await api.call('setMyCommands', { commands: commands(({ help, en }) => en ?? help), scope: { type } })
    if (named.some(({ en }) => en !== undefined))
      await api.call('setMyCommands', { commands: commands(({ help }) => help), scope: { type }, language_code: 'zh' })
  }
}
