import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../src/repository.ts'

/**
 * Copies the image's build context, which is the files that `.dockerignore` includes. Its other exclusions
 * are not in git, apart from the tests.
 */
export function copyBuildContext(directory: string): void {
  const rules = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')
  const included = rules.filter((rule) => rule.startsWith('!')).map((rule) => rule.slice(1))
  const excludesTests = rules.includes('**/*.test.ts')
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
  for (const file of listed.split('\0').filter(Boolean)) {
    const isIncluded = included.some((path) => file === path || file.startsWith(`${path}/`))
    const isExcluded = excludesTests && file.endsWith('.test.ts')
    if (isIncluded && !isExcluded && existsSync(join(root, file)))
      cpSync(join(root, file), join(directory, file))
  }
}
