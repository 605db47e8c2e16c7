import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readConfig } from '../../config/config.ts'
import { variables } from '../../config/env.ts'
import { exits } from '../../src/cli/exit.ts'
import { world } from '../support/world.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (path: string) => readFileSync(root + path, 'utf8')
const operation = read('docs/operation.md')

/** Seconds within which a stop is over, as the process itself sees to it. */
const [, millis = ''] = /^const patience = ([\d_]+)$/m.exec(read('src/main.ts')) ?? []
const stops = Number(millis.replaceAll('_', '')) / 1000
const seconds = (text: string) => Number(/^(\d+)s?$/.exec(text)?.[1] ?? Number.NaN)

const known = (name: string) => Object.hasOwn(variables, name) || name === 'REDRESS_CONFIG'
const configFrom = (env: Readonly<Record<string, string>>) => readConfig({ files: [], env })

test('a stop has an end that this test knows', () => expect(stops).toBe(9))

interface Service {
  readonly build?: { readonly context: string; readonly dockerfile: string }
  readonly image: string
  readonly ports?: readonly string[]
  readonly volumes: readonly string[]
  readonly environment: Readonly<Record<string, string | null>>
  readonly profiles?: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly [key: string]: unknown
}
interface Compose {
  readonly services: { readonly redress: Service; readonly postgres: Service }
  readonly volumes: Readonly<Record<string, unknown>>
}

/** The instructions, one a line. */
const steps = read('deploy/Dockerfile')
  .replace(/\\\n\s*/g, ' ')
  .split('\n')
  .filter((line) => !/^\s*(#|$)/.test(line))
  .map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const)
const all = (word: string) => steps.flatMap(([one, rest]) => (one === word ? [rest] : []))
const one = (word: string) => {
  const found = all(word)
  expect([word, found.length]).toEqual([word, 1])
  return found[0] ?? ''
}
const imageEnv = Object.fromEntries(
  [
    ...all('ENV')
      .join(' ')
      .matchAll(/(\w+)=(\S+)/g),
  ].map(([, name = '', value = '']) => [name, value]),
)

describe('deploy/compose.yaml', () => {
  const { services, volumes } = parse(read('deploy/compose.yaml')) as Compose
  const { redress, postgres } = services

  test('has Redress alone unless PostgreSQL is asked for, and says so where people look', () => {
    expect(Object.keys(services)).toEqual(['redress', 'postgres'])
    expect([redress.profiles, postgres.profiles]).toEqual([undefined, ['postgres']])
    expect(operation).toContain('--profile postgres')
  })

  test('builds the image from files that are there; the other one is of a fixed version', () => {
    const { context = '', dockerfile = '' } = redress.build ?? {}
    expect(existsSync(`${root}deploy/${context}/${dockerfile}`)).toBe(true)
    expect(postgres.image).toMatch(/^postgres:\d+-/)
  })

  test('is reached from this machine only, where the service listens', () => {
    expect(redress.ports).toEqual(['127.0.0.1:8080:8080'])
    expect(postgres.ports).toBeUndefined()
    expect([configFrom({}), one('EXPOSE')]).toMatchObject([{ config: { listen: { port: 8080 } } }, '8080'])
  })

  test('keeps its data where the image has them, in volumes that it declares', () => {
    const places = [...redress.volumes, ...postgres.volumes].map((volume) => volume.split(':'))
    expect(places.map(([name]) => name)).toEqual(Object.keys(volumes))
    expect(redress.volumes).toEqual([`data:${imageEnv.REDRESS_DATA}`])
    expect(one('VOLUME')).toBe(imageEnv.REDRESS_DATA)
  })

  test('can do no more than it needs, and is given the time that a stop takes', () => {
    expect(redress).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] })
    for (const key of ['privileged', 'cap_add', 'user', 'network_mode', 'pid', 'devices'])
      expect([key, redress[key]]).toEqual([key, undefined])
    expect(redress.volumes.filter((volume) => volume.includes('docker.sock'))).toEqual([])
    expect(seconds(String(redress.stop_grace_period))).toBeGreaterThan(stops)
  })

  test('names only settings that there are, with values that are taken; what it asks of .env is told', () => {
    const names = Object.keys(redress.environment)
    expect(names.length).toBeGreaterThan(3)
    expect(names.filter((name) => !known(name))).toEqual([])
    const asked = [...read('deploy/compose.yaml').matchAll(/\$\{(\w+)(?::-([^}]*))?\}/g)]
    // Without a default an engine warns, and passes nothing.
    expect(asked.filter(([, , fallback]) => fallback === undefined)).toEqual([])
    const filled = Object.entries(redress.environment).flatMap(([name, value]) =>
      value === null ? [] : [[name, value.replace(/\$\{\w+:-([^}]*)\}/, '$1')]],
    )
    expect(configFrom({ ...imageEnv, ...Object.fromEntries(filled) })).not.toHaveProperty('faults')
    for (const secret of ['REDRESS_MASTER_KEY', 'REDRESS_DATABASE_URL', 'REDRESS_METRICS_KEY'])
      expect([secret, redress.environment[secret]]).toEqual([secret, null])
    expect(postgres.environment.POSTGRES_PASSWORD).toMatch(/^\$\{POSTGRES_PASSWORD:-\}$/)
  })

  test('looks whether PostgreSQL is well by its own tool, as the user that it makes', () => {
    expect(postgres.healthcheck?.test).toEqual(['CMD', 'pg_isready', '-U', postgres.environment.POSTGRES_USER])
  })
})

describe('deploy/Dockerfile', () => {
  const stages = all('FROM')

  test('has the stages that it copies from, on the Node that the package asks for', () => {
    const names = stages.flatMap((stage) => / AS (\w+)$/.exec(stage)?.[1] ?? [])
    const from = all('COPY').flatMap((copy) => /^--from=(\w+)/.exec(copy)?.[1] ?? [])
    expect(names).toEqual(['build'])
    expect([...new Set(from)]).toEqual(names)
    const [, major] = /^NODE=(\d+)-/.exec(one('ARG')) ?? []
    expect(JSON.parse(read('package.json')).engines.node).toBe(`>=${major}.19`)
  })

  test('copies only what is there and what an engine is let see, and all that a build needs', () => {
    const copied = all('COPY')
      .filter((copy) => !copy.startsWith('--from'))
      .flatMap((copy) => copy.split(' ').slice(0, -1))
    const seen = read('.dockerignore').split('\n')
    expect(seen[0]).toBe('*')
    expect(copied.filter((path) => !existsSync(root + path))).toEqual([])
    expect(copied.filter((path) => !seen.includes(`!${path}`))).toEqual([])
    expect(seen.slice(1).filter((line) => line !== '' && !copied.includes(line.slice(1)))).toEqual([])
    const { include } = JSON.parse(read('tsconfig.build.json')) as { include: readonly string[] }
    expect(include.filter((folder) => !copied.includes(folder))).toEqual([])
  })

  test('runs as nobody special, with the program that the build makes', () => {
    const users = steps.map(([word]) => word)
    expect(one('USER')).toBe('node')
    expect(users.lastIndexOf('RUN')).toBeLessThan(users.indexOf('USER'))
    const { bin, scripts } = JSON.parse(read('package.json'))
    expect(`${JSON.parse(one('CMD')).join(' ')}`).toBe(scripts.start)
    expect(all('RUN').at(-1)).toContain(`ln -s /app/${bin.redress} /usr/local/bin/redress`)
    for (const file of ['dist/src/main.js', bin.redress])
      expect([file, existsSync(root + file.replace('dist/', '').replace('.js', '.ts'))]).toEqual([file, true])
    expect(one('STOPSIGNAL')).toBe('SIGTERM')
  })

  test('sets only what there is to set', () => {
    const own = Object.keys(imageEnv).filter((name) => name !== 'NODE_ENV')
    expect(own.filter((name) => !known(name))).toEqual([])
    expect(configFrom(imageEnv)).not.toHaveProperty('faults')
  })

  test('its health check is well where the service is, and not where it is not', async () => {
    const [, check = '[]'] = /CMD (\[.*\])$/.exec(one('HEALTHCHECK')) ?? []
    const [, ...words] = JSON.parse(check) as readonly string[]
    const exit = (port: string) =>
      new Promise((resolve) => {
        const env = { PATH: process.env.PATH ?? '', REDRESS_LISTEN_PORT: port }
        execFile(process.execPath, words, { env }, (error) => resolve(error ? error.code : 0))
      })
    const w = await world()
    const closed = createServer()
    await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve))
    const address = closed.address()
    await new Promise((resolve) => closed.close(resolve))
    const nowhere = typeof address === 'object' && address ? String(address.port) : ''
    expect(await Promise.all([exit(new URL(w.url).port), exit(nowhere)])).toEqual([0, 1])
  })

  test('is proved by a script that knows its instructions', () => {
    const script = read('deploy/prove-image.sh')
    const handled = [...script.matchAll(/^ {4}([A-Z| ]+)\)/gm)].flatMap(([, words = '']) => words.split(' | '))
    expect([...new Set(steps.map(([word]) => word))].filter((word) => !handled.includes(word))).toEqual([])
  })
})

describe('deploy/redress.service', () => {
  const lines = read('deploy/redress.service')
    .split('\n')
    .filter((line) => !/^(#|$)/.test(line))
  const values = (key: string) =>
    lines.flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []))
  const only = (key: string) => {
    expect([key, values(key).length]).toEqual([key, 1])
    return values(key)[0] ?? ''
  }
  const environment = Object.fromEntries(
    only('Environment')
      .split(' ')
      .map((pair) => pair.split('=')),
  )

  test('is three sections of settings, none of them twice but the one that adds up', () => {
    expect(lines.filter((line) => line.startsWith('['))).toEqual(['[Unit]', '[Service]', '[Install]'])
    const keys = lines.flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? [])
    expect(keys.length + 3).toBe(lines.length)
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual(['SystemCallFilter'])
  })

  test('starts the program where docs/operation.md puts it', () => {
    const [node = '', ...words] = only('ExecStart').split(' ')
    const folder = only('WorkingDirectory')
    expect([node.startsWith('/'), `node ${words.join(' ').replace(`${folder}/`, '')}`]).toEqual([
      true,
      JSON.parse(read('package.json')).scripts.start,
    ])
    for (const said of [node, folder, environment.REDRESS_CONFIG, environment.REDRESS_DATA])
      expect([said, operation.includes(said)]).toEqual([said, true])
    expect(operation).toContain(only('EnvironmentFile').replace(/^-/, ''))
    expect(`/var/lib/${only('StateDirectory')}`).toBe(environment.REDRESS_DATA)
    expect(environment.REDRESS_CONFIG).toMatch(new RegExp(`^/etc/${only('ConfigurationDirectory')}/`))
  })

  test('names only settings that there are', () => {
    const named = read('deploy/redress.service').match(/REDRESS_[A-Z_]+/g) ?? []
    expect(named.length).toBeGreaterThan(4)
    expect(named.filter((name) => !known(name))).toEqual([])
  })

  test('waits for a stop, tries again after a crash, and not where the settings are wrong', () => {
    expect(Number(only('TimeoutStopSec'))).toBeGreaterThan(stops)
    expect(values('KillSignal')).toEqual([])
    expect([only('Restart'), only('RestartPreventExitStatus')]).toEqual(['on-failure', String(exits.config)])
  })

  test('has a user of its own that can do nothing else', () => {
    expect([only('User'), only('Group'), only('StateDirectoryMode'), only('UMask')]).toEqual([
      'redress',
      'redress',
      '0700',
      '0077',
    ])
    const yes = ['NoNewPrivileges', 'ProtectHome', 'PrivateTmp', 'PrivateDevices', 'ProtectKernelTunables']
      .concat(['ProtectKernelModules', 'ProtectKernelLogs', 'ProtectControlGroups', 'ProtectClock', 'ProtectHostname'])
      .concat(['RestrictNamespaces', 'RestrictRealtime', 'RestrictSUIDSGID', 'LockPersonality', 'RemoveIPC'])
    expect(yes.filter((key) => only(key) !== 'yes')).toEqual([])
    expect(only('ProtectSystem')).toBe('strict')
    expect([only('CapabilityBoundingSet'), only('AmbientCapabilities')]).toEqual(['', ''])
    expect(values('SystemCallFilter')).toEqual(['@system-service', '~@privileged @resources'])
    expect(only('RestrictAddressFamilies').split(' ')).toEqual(['AF_INET', 'AF_INET6', 'AF_UNIX'])
    // Node writes the code that it runs.
    expect(values('MemoryDenyWriteExecute')).toEqual([])
  })
})

describe('deploy/alerts.yml', () => {
  interface Rule {
    readonly alert: string
    readonly expr: string
  }
  const { groups } = parse(read('deploy/alerts.yml')) as { groups: readonly { rules: readonly Rule[] }[] }
  const rules = groups.flatMap((group) => group.rules)
  const selectorsOf = (alert: string) => {
    const { expr = '' } = rules.find((rule) => rule.alert === alert) ?? {}
    return [...expr.matchAll(/redress_callbacks_total\{([^}]*)\}/g)].map(([, selector = '']) => selector)
  }
  /** As Prometheus reads it: = != =~ !~, a pattern being about all of the value. */
  const chosen = (selector: string, labels: Readonly<Record<string, string>>): boolean =>
    [...selector.matchAll(/(\w+)(=~|!~|!=|=)"([^"]*)"/g)].every(([, label = '', how, value = '']) => {
      const is = how?.endsWith('~') ? new RegExp(`^(?:${value})$`).test(labels[label] ?? '') : labels[label] === value
      return how?.startsWith('!') ? !is : is
    })

  test('tells what is new from what is refused, by the words that are really counted', async () => {
    const w = await world({ pay: ['青禾优选'] })
    const outcomes = async () =>
      [...(await w.metrics.text()).matchAll(/^redress_callbacks_total\{.*outcome="([^"]+)"\} [1-9]/gm)].map(
        ([, outcome = '']) => outcome,
      )
    const firing = async (alert: string) => {
      const selectors = selectorsOf(alert)
      expect(selectors.length).toBeGreaterThan(0)
      return (await outcomes()).filter((outcome) => selectors.some((selector) => chosen(selector, { outcome })))
    }
    w.pay.sandbox.misbehave({ on: 'push', how: 'duplicate' })
    await w.complain()
    await w.pay.complain()
    expect([...new Set(await outcomes())].toSorted()).toEqual(['duplicate', 'new'])
    expect(await firing('RedressNothingReceived')).toEqual(['new', 'new'])
    expect(await firing('RedressCallbacksRefused')).toEqual([])
    w.pay.sandbox.misbehave({ on: 'push', how: 'unverifiable', fault: 'signature' })
    await w.pay.complain()
    expect(await firing('RedressCallbacksRefused')).toEqual(['signature'])
    expect(await firing('RedressCallbacksNotKept')).toEqual([])
    w.metrics.callback('wechat-pay', 'busy')
    expect(await firing('RedressCallbacksNotKept')).toEqual(['busy'])
    expect(await firing('RedressCallbacksRefused')).toEqual(['signature'])
  })

  test('every refusal that a platform can give is one that wakes somebody', () => {
    const [, union = ''] = /export type Refusal =([\s\S]*?)\n\n/.exec(read('src/platforms/platform.ts')) ?? []
    const reasons = [...union.matchAll(/'([a-z-]+)'/g)].map(([, reason = '']) => reason)
    expect(reasons.length).toBeGreaterThan(8)
    const [selector = ''] = selectorsOf('RedressCallbacksRefused')
    expect(reasons.filter((outcome) => !chosen(selector, { outcome }))).toEqual([])
  })
})
