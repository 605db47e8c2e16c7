import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes longest although it is short to read, in this order; these are folders and files below test/. */
const long = [
  'kill/',
  'canaries/',
  'simulation/',
  'admin/fuzz',
  'admin/bad-input',
  'bench.test',
  'storage/plans',
  'cli/demo',
  'journeys/',
  'contract/',
]

/** Long files first, so that at the end no core waits for the other; where vitest remembers how long each took, it knows better. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    if (sorted.some((file) => this.#remembered(file))) return sorted
    const rank = ({ moduleId }: TestSpecification) => {
      const at = long.findIndex((each) => moduleId.includes(`/test/${each}`))
      return at < 0 ? long.length : at
    }
    return sorted.sort((a, b) => rank(a) - rank(b))
  }

  #remembered({ project, moduleId }: TestSpecification): boolean {
    const path = moduleId.slice(this.ctx.config.root.length + 1)
    return this.ctx.cache.getFileTestResults(`${project.name}:${path}`) !== undefined
  }
}
