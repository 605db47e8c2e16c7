import { existsSync, readFileSync } from 'node:fs'
import { test } from 'vitest'
import { vectorFolder } from './counts.ts'

/**
 * A test that needs a file of third-party vectors: run where the file is, skipped visibly elsewhere.
 * The reporter counts both by the name's beginning.
 */
export function vectorTest(
  file: string,
  name: string,
  check: (read: (file: string) => Buffer) => void | Promise<void>,
): void {
  const read = (wanted: string) => readFileSync(new URL(wanted, vectorFolder))
  test.skipIf(!existsSync(new URL(file, vectorFolder)))(`vector: ${name}`, () => check(read))
}
