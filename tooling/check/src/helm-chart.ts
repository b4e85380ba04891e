import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { type FoundGoTool, findGoTool } from './go-tool.ts'
import { root } from './repository.ts'

const helm = { module: 'helm.sh/helm/v4/cmd/helm', version: 'v4.3.2' }
const kubeconform = { module: 'github.com/yannh/kubeconform/cmd/kubeconform', version: 'v0.8.0' }

export const chart = join(root, 'deploy', 'helm', 'cdrstream')

/** The values with which the chart is checked. */
export const valuesFiles: readonly string[] = readdirSync(join(chart, 'ci')).map((name) =>
  join(chart, 'ci', name),
)

export function findHelm(): FoundGoTool {
  return findGoTool(helm)
}

export function findKubeconform(): FoundGoTool {
  return findGoTool(kubeconform)
}

/** The fields of a Kubernetes object that are used here. */
export interface Manifest {
  readonly kind: string
  readonly data?: Readonly<Record<string, string>>
  readonly spec?: Readonly<Record<string, unknown>>
}

/** Returns the objects in the output of `helm template`. */
export function readManifests(text: string): readonly Manifest[] {
  return parseAllDocuments(text).flatMap((document) => {
    const manifest: Manifest | null = document.toJS()
    return manifest === null ? [] : [manifest]
  })
}

/** Runs a program and returns its standard output. Throws an error with all output if the program fails. */
export function runTool(program: string, args: readonly string[], input?: string): string {
  const { status, error, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', input })
  if (status === 0) return stdout
  throw new Error(error?.message ?? `${program} ${args.join(' ')}\n${stdout}${stderr}`)
}
