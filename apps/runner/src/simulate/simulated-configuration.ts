import type { SigningInOrg, SimulatedOrg, SimulatorTerms } from '@cdrstream/simulator'
import { durationText } from '../configuration/schema/duration-text.ts'
import { schemaComment } from '../configuration/schema-comment.ts'

export interface SimulatedConfigurationOptions {
  /** A comment line for the user. */
  readonly note?: string
  readonly baseUrl: string
  /** Required by orgs that sign in. */
  readonly tokenUrl?: string
  readonly orgs: readonly (Pick<SimulatedOrg, 'name' | 'token'> | Pick<SigningInOrg, 'name' | 'signIn'>)[]
  readonly terms: SimulatorTerms
  /** How far back the first run reaches. Default: to the oldest record. */
  readonly start?: string
  /** As in the file sink's options. */
  readonly publishAfter: string
  readonly directories: { readonly data: string; readonly records: string }
}

/** Returns a configuration that collects from a simulator, with its URL and its terms. */
export function simulatedConfiguration(options: SimulatedConfigurationOptions): string {
  const { baseUrl, tokenUrl, orgs, terms, directories, publishAfter, note } = options
  const { initialRequests, pageRequests, pageSize, settleMs, retentionMs, maxWindowMs } = terms
  const start = options.start === undefined ? '' : `, start: ${options.start}`
  const rate = ({ count, perMs }: SimulatorTerms['initialRequests']) =>
    `{ count: ${count}, per: ${durationText(perMs)} }`
  const comment = note === undefined ? '' : `# ${note}\n`
  return `${schemaComment}
${comment}orgs:
${orgs.map((org) => `  - { name: ${org.name}, auth: ${authOf(org)}${start} }`).join('\n')}
journal: { path: ${JSON.stringify(`${directories.data}/cdrstream.db`)} }
sinks:
  - { name: files, use: file, options: { directory: ${JSON.stringify(directories.records)}, publishAfter: ${publishAfter} } }
webex:
  baseUrl: ${baseUrl}${tokenUrl === undefined ? '' : `\n  tokenUrl: ${tokenUrl}`}
  pageSize: ${pageSize.max}
  initialRequests: ${rate(initialRequests)}
  pageRequests: ${rate(pageRequests)}
  stream: { settle: ${durationText(settleMs)}, retention: ${durationText(retentionMs)}, maxWindow: ${durationText(maxWindowMs)} }
`
}

function authOf(org: SimulatedConfigurationOptions['orgs'][number]): string {
  const auth = 'signIn' in org ? org.signIn : { accessToken: org.token }
  const keys = Object.entries(auth).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
  return `{ ${keys.join(', ')} }`
}
