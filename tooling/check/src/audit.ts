// Asks the registry for known vulnerabilities of what is passed on to users. The last line has the totals, for CI.
import { spawnSync } from 'node:child_process'
import { root } from './repository.ts'

const { status, stdout, stderr } = spawnSync('pnpm', ['audit', '--prod', '--audit-level=moderate'], {
  cwd: root,
  encoding: 'utf8',
  shell: process.platform === 'win32',
})
const said = `${stdout}${stderr}`
// Not every registry can be asked. That is no pass, and no vulnerability either.
const wasAsked = !said.includes('ERR_PNPM_AUDIT')
if (wasAsked) console.log(said.trim())
else console.log('not audited: this registry does not answer the question for vulnerabilities')
const passed = wasAsked && status === 0
const failed = wasAsked && status !== 0
console.log(`${Number(passed)} passed, ${Number(failed)} failed`)
if (failed) process.exitCode = 1
