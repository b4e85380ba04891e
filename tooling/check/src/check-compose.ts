// Validates compose.yaml against the Compose Specification's schema, which its Go library contains, and
// checks that every mounted file exists. If the schema is not available, the step reports that nothing was
// checked.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import { findGoModule } from './go-tool.ts'
import { root } from './repository.ts'
import { notChecked } from './step-result.ts'

const composeSpecification = { module: 'github.com/compose-spec/compose-go/v2', version: 'v2.16.2' }

interface Compose {
  readonly services: Readonly<Record<string, { readonly volumes?: readonly string[] }>>
}

const found = findGoModule(composeSpecification)
if (found.kind === 'missing') {
  console.log(`the schema is not available: ${found.why}`)
  process.exitCode = notChecked
} else {
  const compose: Compose = parse(readFileSync(join(root, 'compose.yaml'), 'utf8'), { merge: true })
  const problems = [...schemaProblems(compose, found.directory), ...missingMounts(compose)]
  for (const problem of problems) console.log(`compose.yaml: ${problem}`)
  process.exitCode = problems.length === 0 ? 0 : 1
}

function schemaProblems(compose: Compose, directory: string): readonly string[] {
  const schema = JSON.parse(readFileSync(join(directory, 'schema', 'compose-spec.json'), 'utf8'))
  const validate = new Ajv.default({ strict: false, allErrors: true, validateFormats: false }).compile(schema)
  if (validate(compose)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`)
}

function missingMounts({ services }: Compose): readonly string[] {
  return Object.entries(services).flatMap(([name, { volumes = [] }]) =>
    volumes
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((source) => source.startsWith('.') && !existsSync(join(root, source)))
      .map((source) => `${name} mounts ${source}, which does not exist`),
  )
}
