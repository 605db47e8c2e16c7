import { existsSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node'

/** Where third-party vectors lie beside the checkout; elsewhere their tests skip, visibly. */
export const vectorFolder = new URL('../../../shared/vectors/', import.meta.url)

/**
 * Counts what must not pass by being absent: the contracts' cases per database, and the tests with third-party vectors.
 * Writes vitest's own totals to the file that TEST_COUNTS names.
 */
export default class Counts implements Reporter {
  #whole = true

  onInit(vitest: Vitest): void {
    this.#whole = vitest.config.testNamePattern === undefined
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const brokenFiles = modules.filter(
      (module) => module.state() === 'failed' && ![...module.children.allTests('failed')].length,
    )
    const complaints = [...(this.#whole ? contractComplaints(modules) : []), ...vectorComplaints(tests)]
    for (const complaint of complaints) console.error(`FAIL ${complaint}`)
    if (complaints.length > 0) process.exitCode = 1
    const passed = tests.filter((test) => test.result().state === 'passed').length
    const failed = tests.filter((test) => test.result().state === 'failed').length
    const more = brokenFiles.length + errors.length + complaints.length
    if (process.env.TEST_COUNTS)
      writeFileSync(process.env.TEST_COUNTS, JSON.stringify({ passed, failed: failed + more }))
  }
}

/** A suite of a contract whose name begins with `sqlite` or `postgres` runs there; both must have the same cases. */
function contractComplaints(modules: readonly TestModule[]): string[] {
  const complaints: string[] = []
  for (const module of modules.filter((each) => each.moduleId.includes('/test/contract/'))) {
    const name = basename(module.moduleId, '.test.ts')
    const tests = [...module.children.allTests()].filter((test) => test.result().state !== 'skipped')
    if (tests.length === 0) complaints.push(`contract ${name}: no case ran`)
    const on = (database: string) => tests.filter((test) => test.fullName.startsWith(`${database}: `)).length
    const [sqlite, postgres] = [on('sqlite'), on('postgres')]
    if (sqlite + postgres === 0) continue
    console.log(`contract ${name}: ${sqlite} cases on sqlite, ${postgres} on postgres`)
    const wanted = postgres > 0 || process.env.REQUIRE_PG === '1'
    if (wanted && sqlite !== postgres)
      complaints.push(`contract ${name}: ${sqlite} cases on sqlite, ${postgres} on postgres`)
  }
  return complaints
}

function vectorComplaints(tests: readonly TestCase[]): string[] {
  const vectors = tests.filter((test) => test.name.startsWith('vector: '))
  const skipped = vectors.filter((test) => test.result().state === 'skipped').length
  if (vectors.length > 0) console.log(`vectors: ${vectors.length - skipped} run, ${skipped} skipped`)
  return existsSync(vectorFolder) && skipped > 0 ? [`${skipped} vectors were skipped although they are here`] : []
}
