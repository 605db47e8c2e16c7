/** Few in all of an installation, or gone again within days: they may be gone through from end to end. */
const few = new Set(
  ['tenant account bot channel api_key breaker rule data_key bind_request early_report prompt sqlite_master'].flatMap(
    (line) => line.split(' '),
  ),
)

/** Few of each business: its people, its rooms, its settings. */
const fewOfEach = new Set(
  [
    'room member identity recipient template duty reminding standing watch token forgetting bind_code case_pass',
    'case_nonce auth_state auth_waiting',
  ].flatMap((line) => line.split(' ')),
)

/** Indexes that hold only what is open, due or broken: they may be gone through from end to end. */
const open = new Set(
  [
    'action_unsettled alarm_open alarm_silent callback_parked callback_waiting complaint_open_in_order',
    'complaint_open_by_due deadline_open deadline_looked deadline_next delivery_dead delivery_waiting dispatch_going',
    'dispatch_report dispatch_unsure dispatch_unreported job_failing job_lease ruling_due ruling_of_tenant',
    'wanted_waiting',
  ].flatMap((line) => line.split(' ')),
)

/** Of which so many rows have the same value that who is limited by nothing else reads nearly everything. */
const wide = new Set(
  [
    'tenant= account= channel= platform= room= bot= merchant= kind= state= phase= enabled= queue= name= source= scope=',
    'current= recipient= payee= member= running< running> attempts>',
  ].flatMap((line) => line.split(' ')),
)

/** Together they lead to few: what is open of a merchant; what somebody has laid ready in a room. */
const narrow = ['merchant= phase=', 'room= member=']

/** @returns the steps of a plan that read more than they need; none = all is well */
export function faultsOf(sql: string, plan: readonly string[]): readonly string[] {
  const names = aliases(sql)
  // In the order of an index, up to as many as are wanted.
  const ends = /\blimit \?/.test(sql) && !plan.some((step) => /TEMP B-TREE FOR (?!LAST)/.test(step))
  return plan.filter((step) => {
    const read = stepOf(step)
    if (!read) return false
    const table = names.get(read.table) ?? read.table
    if (few.has(table) || notTables.has(table) || open.has(read.index)) return false
    if (read.how === 'SCAN') return !(ends && !/\bwhere\b/.test(sql))
    if (fewOfEach.has(table)) return false
    // The first one there, or the last, is enough.
    if (step.includes(' EXISTS ') || read.by.length === 0) return false
    return !ends && !narrow.includes(read.by.join(' ')) && read.by.every((column) => wide.has(column))
  })
}

/** Lists that a statement brings along. */
const notTables = new Set(['json_each', 'asked', 'some', 'taken', 'named'])

interface Read {
  readonly how: 'SCAN' | 'SEARCH'
  readonly table: string
  /** '' = by its own key. */
  readonly index: string
  /** `tenant=`, `running<` */
  readonly by: readonly string[]
}

function stepOf(step: string): Read | undefined {
  const [, how, table, rest = ''] = /^(SCAN|SEARCH) ([a-z]\w*)(.*)$/.exec(step) ?? []
  if ((how !== 'SCAN' && how !== 'SEARCH') || table === undefined) return undefined
  const by = [...rest.matchAll(/(<expr>|\w+)([=<>])/g)].map(([, column, sign]) => `${column}${sign}`)
  return { how, table, index: /INDEX (\w+)/.exec(rest)?.[1] ?? '', by }
}

/** `"term" as "other"`: what a plan calls other. */
const aliases = (sql: string): ReadonlyMap<string, string> =>
  new Map([...sql.matchAll(/(?:from|join) "(\w+)" as "(\w+)"/g)].map(([, table = '', name = '']) => [name, table]))
