// Lints the GitHub workflows with actionlint. If it is not available, the step reports that nothing was
// checked.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { findActionlint } from './actionlint.ts'
import { root } from './repository.ts'
import { notChecked } from './step-result.ts'

const directory = join('.github', 'workflows')
const files = readdirSync(join(root, directory)).map((name) => join(directory, name))
if (files.length === 0) throw new Error('no workflows were found')

const actionlint = findActionlint()
if (actionlint.kind === 'found') {
  // Both linters are disabled, because they would run only where they happen to be installed.
  const args = ['-shellcheck=', '-pyflakes=', ...files]
  const { status, error } = spawnSync(actionlint.program, args, { cwd: root, stdio: 'inherit' })
  if (error !== undefined) console.log(error.message)
  process.exitCode = status === 0 ? 0 : 1
} else {
  console.log(`actionlint is not available: ${actionlint.why}`)
  process.exitCode = notChecked
}
