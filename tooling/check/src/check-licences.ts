// Fails if a dependency has a licence that is not accepted.
import { execFileSync } from 'node:child_process'
import { type LicensedPackage, unacceptedLicences } from './licences.ts'
import { root } from './repository.ts'

const all = list()
const redistributed = list('--prod')
const names = new Set(redistributed.map(({ name }) => name))
const tools = all.filter(({ name }) => !names.has(name))
// An empty list would mean that nothing was checked.
const problems = [
  ...(redistributed.length === 0 || tools.length === 0 ? ['no dependencies were found'] : []),
  ...unacceptedLicences(redistributed, 'redistributed'),
  ...unacceptedLicences(tools, 'tool'),
]
for (const problem of problems) console.log(problem)
if (problems.length > 0) process.exitCode = 1

function list(...more: readonly string[]): readonly LicensedPackage[] {
  const printed = execFileSync('pnpm', ['--recursive', 'licenses', 'list', '--json', ...more], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
    maxBuffer: 2 ** 26,
  })
  const byLicence: Readonly<Record<string, readonly LicensedPackage[]>> = JSON.parse(printed)
  return Object.values(byLicence).flat()
}
