import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toolchainDirectory } from '../../bootstrap/toolchain-directory.mjs'
import { findGoModule } from './go-tool.ts'

// The source of these modules contains the schemas that kubeconform would otherwise download.
const kubectl = { module: 'k8s.io/kubectl', version: 'v0.37.2' }
const prometheusOperator = {
  module: 'github.com/prometheus-operator/prometheus-operator',
  version: 'v0.85.0',
}

/** By default, kubeconform ignores keys next to a reference. */
const dialect = 'https://json-schema.org/draft/2020-12/schema'

type Json = Readonly<Record<string, unknown>>

/** The value for kubeconform's `-schema-location`, or the reason why it is not available. */
export type FoundSchemas =
  | { readonly kind: 'found'; readonly location: string }
  | { readonly kind: 'missing'; readonly why: string }

/** Finds the schemas for the chart's kinds in the user's cache, or writes them there. */
export function findKubernetesSchemas(): FoundSchemas {
  const versions = [kubectl.version, prometheusOperator.version].join('-')
  const directory = join(toolchainDirectory(), `kubernetes-schemas-${versions}`)
  if (!existsSync(directory)) {
    const ofKubernetes = findGoModule(kubectl)
    if (ofKubernetes.kind === 'missing') return ofKubernetes
    const ofOperator = findGoModule(prometheusOperator)
    if (ofOperator.kind === 'missing') return ofOperator
    const schemas = collectSchemas(ofKubernetes.directory, ofOperator.directory)
    mkdirSync(toolchainDirectory(), { recursive: true })
    const draft = mkdtempSync(`${directory}.draft-`)
    for (const [name, schema] of Object.entries(schemas)) {
      writeFileSync(join(draft, `${name}.json`), JSON.stringify({ $schema: dialect, ...strict(schema) }))
    }
    if (existsSync(directory)) rmSync(draft, { recursive: true })
    else renameSync(draft, directory)
  }
  return { kind: 'found', location: join(directory, '{{ .ResourceKind }}{{ .KindSuffix }}.json') }
}

/** Returns a schema for each kind, under the name that kubeconform expects. */
function collectSchemas(ofKubernetes: string, ofOperator: string): Readonly<Record<string, Json>> {
  const openapi = join(ofKubernetes, 'testdata', 'openapi')
  const core = (name: string) =>
    ofDefinition(join(openapi, 'v3', 'api', 'v1.json'), `io.k8s.api.core.v1.${name}`)
  const operator = join(ofOperator, 'jsonnet', 'prometheus-operator', 'servicemonitors-crd.json')
  return {
    'configmap-v1': core('ConfigMap'),
    'service-v1': core('Service'),
    'statefulset-apps-v1': ofDefinition(
      join(openapi, 'v3', 'apis', 'apps', 'v1.json'),
      'io.k8s.api.apps.v1.StatefulSet',
    ),
    'networkpolicy-networking-v1': ofDefinition(
      join(openapi, 'swagger.json'),
      'io.k8s.api.networking.v1.NetworkPolicy',
    ),
    'servicemonitor-monitoring-v1': ofCustomResource(operator),
  }
}

function ofDefinition(file: string, name: string): Json {
  const { components, definitions } = JSON.parse(readFileSync(file, 'utf8'))
  const schemas: Record<string, Json> = components?.schemas ?? definitions
  if (schemas[name] === undefined) throw new Error(`${file} does not define ${name}`)
  // References inside keep their paths from the file.
  return components === undefined
    ? { $ref: `#/definitions/${name}`, definitions }
    : { $ref: `#/components/schemas/${name}`, components }
}

function ofCustomResource(file: string): Json {
  const { spec } = JSON.parse(readFileSync(file, 'utf8'))
  return spec.versions[0].schema.openAPIV3Schema
}

/**
 * Returns the schema with two corrections: unknown keys are errors, and values that can be numbers or strings
 * are not limited to strings.
 */
function strict(schema: Json): Json {
  if (schema.format === 'int-or-string') return { type: ['integer', 'string'] }
  const corrected = Object.fromEntries(Object.entries(schema).map(([key, inner]) => [key, strictly(inner)]))
  const isClosed = schema.type === 'object' && 'properties' in schema && !('additionalProperties' in schema)
  return isClosed ? { ...corrected, additionalProperties: false } : corrected
}

function strictly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strictly)
  return typeof value === 'object' && value !== null ? strict(value as Json) : value
}
