// Checks the dependencies that users install for known vulnerabilities. The last line has the totals, for CI.
import { spawnSync } from 'node:child_process'
import { judgeAudit } from './judge-audit.ts'
import { root } from './repository.ts'

const { status, stdout, stderr } = spawnSync('pnpm', ['audit', '--prod', '--audit-level=moderate'], {
  cwd: root,
  encoding: 'utf8',
  shell: process.platform === 'win32',
})
const output = `${stdout}${stderr}`.trim()
const verdict = judgeAudit(status, output)
switch (verdict) {
  case 'passed':
  case 'vulnerable':
    console.log(output)
    break
  case 'not-answered':
    console.log(`${output}\nnot audited: the registry could not be reached`)
    break
  case 'not-offered':
    console.log('not audited (neither passed nor failed): this registry has no list of vulnerabilities')
}
const isFailed = verdict === 'vulnerable' || verdict === 'not-answered'
console.log(`${Number(verdict === 'passed')} passed, ${Number(isFailed)} failed`)
if (isFailed) process.exitCode = 1
