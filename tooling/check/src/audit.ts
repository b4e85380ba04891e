// Asks the registry for known vulnerabilities of what is passed on to users. The last line has the totals,
// for CI.
import { spawnSync } from 'node:child_process'
import { judgeAudit } from './judge-audit.ts'
import { root } from './repository.ts'

const { status, stdout, stderr } = spawnSync('pnpm', ['audit', '--prod', '--audit-level=moderate'], {
  cwd: root,
  encoding: 'utf8',
  shell: process.platform === 'win32',
})
const said = `${stdout}${stderr}`.trim()
const verdict = judgeAudit(status, said)
switch (verdict) {
  case 'passed':
  case 'vulnerable':
    console.log(said)
    break
  case 'not-answered':
    console.log(`${said}\nnot audited: the registry could not be asked`)
    break
  case 'not-offered':
    console.log('not audited, and so neither passed nor failed: this registry has no list of vulnerabilities')
}
const isFailed = verdict === 'vulnerable' || verdict === 'not-answered'
console.log(`${Number(verdict === 'passed')} passed, ${Number(isFailed)} failed`)
if (isFailed) process.exitCode = 1
