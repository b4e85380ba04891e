// Writes the software bill of materials of each published package to `sbom/`, as CycloneDX 1.6. A file counts
// as failed if a component has no version or licence. The last line has the totals, for CI.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { publishedDirectories, readManifest, root } from './repository.ts'

const directory = join(root, 'sbom')
rmSync(directory, { recursive: true, force: true })
mkdirSync(directory)
let passed = 0
let failed = 0
for (const published of publishedDirectories()) {
  const { name } = readManifest(published)
  const type = name === 'cdrstream' ? 'application' : 'library'
  const file = join(directory, `${name.replace('@', '').replace('/', '-')}.cdx.json`)
  const args = ['sbom', '--sbom-format=cyclonedx', '--sbom-spec-version=1.6', '--prod', '--filter', name]
  execFileSync('pnpm', [...args, `--sbom-type=${type}`, '--out', file], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  const incomplete = incompleteComponents(file)
  for (const component of incomplete) console.log(`${file}: ${component} has no version or no licence`)
  if (incomplete.length === 0) passed += 1
  else failed += 1
}
console.log(`${passed} passed, ${failed} failed`)
if (failed > 0) process.exitCode = 1

function incompleteComponents(file: string): readonly string[] {
  const { components }: { components: readonly Component[] } = JSON.parse(readFileSync(file, 'utf8'))
  return components
    .filter(({ version, licenses = [] }) => version === '' || licenses.length === 0)
    .map(({ purl }) => purl)
}

interface Component {
  readonly purl: string
  readonly version: string
  readonly licenses?: readonly unknown[]
}
