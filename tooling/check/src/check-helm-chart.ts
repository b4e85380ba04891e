// Lints the Helm chart, validates the rendered objects against the Kubernetes schemas, and validates the
// rendered configuration with the built command. If a tool is not available, the step reports that nothing
// was checked.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { chart, findHelm, findKubeconform, readManifests, runTool, valuesFiles } from './helm-chart.ts'
import { findKubernetesSchemas } from './kubernetes-schemas.ts'
import { readManifest, root } from './repository.ts'
import { notChecked } from './step-result.ts'

const command = join(root, 'apps', 'runner', 'bin', 'cdrstream.js')

const helm = findHelm()
const kubeconform = findKubeconform()
const schemas = findKubernetesSchemas()
if (helm.kind === 'missing' || kubeconform.kind === 'missing' || schemas.kind === 'missing') {
  for (const tool of [helm, kubeconform, schemas]) {
    if (tool.kind === 'missing') console.log(`a tool is not available: ${tool.why}`)
  }
  process.exitCode = notChecked
} else {
  if (valuesFiles.length === 0) throw new Error('no values were found')
  checkVersion()
  for (const values of valuesFiles) {
    try {
      checkWith(values, helm.program, kubeconform.program, schemas.location)
    } catch (error) {
      console.log(`${basename(values)}: ${error instanceof Error ? error.message : error}`)
      process.exitCode = 1
    }
  }
}

/** The chart is released together with the packages, and must have the same version. */
function checkVersion(): void {
  const { version } = readManifest(join(root, 'apps', 'runner'))
  const found = parse(readFileSync(join(chart, 'Chart.yaml'), 'utf8'))
  if (found.version === version && found.appVersion === version) return
  console.log(`Chart.yaml: expected version and appVersion ${version}`)
  process.exitCode = 1
}

function checkWith(values: string, helm: string, kubeconform: string, schemas: string): void {
  runTool(helm, ['lint', '--strict', '--quiet', '--values', values, chart])
  const rendered = runTool(helm, ['template', 'calls', chart, '--values', values])
  const summary = runTool(kubeconform, ['-strict', '-summary', '-schema-location', schemas], rendered)
  const configuration = readManifests(rendered).find(({ kind }) => kind === 'ConfigMap')?.data?.[
    'cdrstream.yaml'
  ]
  if (configuration === undefined) throw new Error('no configuration was rendered')
  const directory = mkdtempSync(join(tmpdir(), 'cdrstream-chart-'))
  try {
    const file = join(directory, 'cdrstream.yaml')
    writeFileSync(file, configuration)
    runTool(process.execPath, [command, 'validate', '--config', file])
  } finally {
    rmSync(directory, { recursive: true })
  }
  console.log(`${basename(values)}: ${summary.trim()}`)
}
