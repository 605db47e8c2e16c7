import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { systemClock } from '../../src/core/clock.ts'
import { createTelegram, serveTelegram } from './index.ts'

// Telegram alone, for whoever tries a set-up without an account there: a bot, its group, two people.
const [port = '8091', file = 'telegram-token.txt'] = process.argv.slice(2)
const token = `42:${randomBytes(32).toString('base64url').slice(0, 35)}`
const bots = [{ token, username: 'RedressBot', name: 'Redress' }]
const telegram = createTelegram({ clock: systemClock, random: randomBytes, bots })
const people = ['小李', '阿陈'].map((name) => telegram.person({ name }))
telegram.group({ title: '投诉处理群', people, bots: ['RedressBot'] })
for (const person of people) person.start('RedressBot')
writeFileSync(file, `${token}\n`, { mode: 0o600 })
const { url } = await serveTelegram(telegram, { port: Number(port) })
process.stdout.write(`扮演的 Telegram | Telegram, played: ${url}/sandbox/\ntoken: ${file}\n`)
