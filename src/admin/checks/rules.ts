import type { Rule } from '../../complaints/rule.ts'
import { listAccounts, type StoredAccount } from '../../storage/accounts.ts'
import { findBreaker } from '../../storage/breakers.ts'
import { listRules } from '../../storage/rules.ts'
import type { Tenant } from '../../storage/tenants.ts'
import type { Finding } from '../doctor.ts'
import { ofEachTenant } from './tenants.ts'

/** Whether what gives money back by itself is bounded, and may go on. Nothing is said where no such rule is on. */
export const ruleCheck = ofEachTenant('rules', async ({ storage }, tenant) => {
  const on = (await listRules(storage.reads, tenant.id)).filter(
    ({ mode, act }) => mode === 'on' && act.kind === 'refund',
  )
  if (on.length === 0) return []
  const accounts = (await listAccounts(storage.reads, tenant.id)).filter(({ enabled }) => enabled)
  const { tripped } = await findBreaker(storage.reads, tenant.id)
  const found = [
    ...on.filter(({ caps }) => caps === undefined).map((rule) => uncapped(rule, tenant)),
    ...(tenant.refundDay === undefined ? [noDayCap(on, tenant)] : []),
    ...on.filter((rule) => !mayAct(rule, accounts)).map((rule) => idle(rule, tenant)),
    ...(tripped ? [halted(tenant)] : []),
  ]
  return found.length > 0 ? found : [bounded(on)]
})

const namesOf = (rules: readonly Rule[], separator: string) => rules.map(({ name }) => name).join(separator)

const mayAct = ({ accounts: meant }: Rule, accounts: readonly StoredAccount[]): boolean =>
  accounts.some(({ id, settings }) => settings.autoRefund === true && (meant.length === 0 || meant.includes(id)))

function uncapped({ name }: Rule, { handle }: Tenant): Finding {
  const command = `redress rule update ${name} --tenant ${handle} --each 50 --day 500 --payer-day 50`
  return {
    level: 'bad',
    what: { zh: `规则「${name}」自动退款，但没有上限`, en: `the rule "${name}" refunds, and has no caps` },
    fix: { zh: `按实际金额（元）设置：${command}`, en: `set them, in yuan: ${command}` },
  }
}

function noDayCap(on: readonly Rule[], { handle }: Tenant): Finding {
  const command = `redress tenant update ${handle} --refund-day 2000`
  return {
    level: 'warn',
    what: {
      zh: `有规则自动退款（${namesOf(on, '、')}），但没有设置每日退款总额上限`,
      en: `rules refund by themselves (${namesOf(on, ', ')}), and there is no cap for all refunds of a day`,
    },
    fix: { zh: `按实际金额（元）设置：${command}`, en: `set one, in yuan: ${command}` },
  }
}

function idle({ name }: Rule, { handle }: Tenant): Finding {
  const command = `redress account update <account> --tenant ${handle} --setting autoRefund=true`
  return {
    level: 'warn',
    what: {
      zh: `规则「${name}」已启用，但它的账号都没有允许自动退款，不会退任何钱`,
      en: `the rule "${name}" is on, and none of its accounts lets rules refund: it gives nothing back`,
    },
    fix: {
      zh: `允许：${command}；或停用这条规则：redress rule disable ${name} --tenant ${handle}`,
      en: `let one: ${command}; or switch the rule off: redress rule disable ${name} --tenant ${handle}`,
    },
  }
}

const halted = ({ handle }: Tenant): Finding => ({
  level: 'bad',
  what: {
    zh: '自动退款太多，已自动停止',
    en: 'there were too many automatic refunds: they have stopped',
  },
  fix: {
    zh: `核对这些退款，确认无误后运行 redress breaker reset --tenant ${handle}，或在群里发送 /rules reset`,
    en: `look at those refunds; if they were right: redress breaker reset --tenant ${handle}, or /rules reset in the group`,
  },
})

const bounded = (on: readonly Rule[]): Finding => ({
  level: 'ok',
  what: {
    zh: `自动退款的规则都有上限：${namesOf(on, '、')}`,
    en: `the rules that refund have caps: ${namesOf(on, ', ')}`,
  },
})
