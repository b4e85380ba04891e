// Turns changesets into versions and changelogs, and sets the Helm chart's version to the packages' version.
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chart } from './helm-chart.ts'
import { readManifest, root } from './repository.ts'

execFileSync(process.execPath, [join(root, 'node_modules', '@changesets', 'cli', 'bin.js'), 'version'], {
  cwd: root,
  stdio: 'inherit',
})
const { version } = readManifest(join(root, 'apps', 'runner'))
const file = join(chart, 'Chart.yaml')
writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/^(version|appVersion): .*$/gm, `$1: ${version}`))
