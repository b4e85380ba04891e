import type { SimulatedOrg, SimulatorTerms } from '@cdrstream/simulator'

export interface SimulatedConfigurationOptions {
  readonly baseUrl: string
  readonly orgs: readonly Pick<SimulatedOrg, 'name' | 'token'>[]
  readonly terms: SimulatorTerms
  /** How far back the first run reaches; default: as far as there are records. */
  readonly start?: string
  /** How long the oldest record may wait for its file to be published, as in the options of the file sink. */
  readonly publishAfter: string
  readonly directories: { readonly data: string; readonly records: string }
}

/** A configuration that collects from a simulator: its address and its terms. */
export function simulatedConfiguration(options: SimulatedConfigurationOptions): string {
  const { baseUrl, orgs, terms, directories, publishAfter } = options
  const { initialRequests, pageRequests, pageSize, settleMs, retentionMs, maxWindowMs } = terms
  const start = options.start === undefined ? '' : `, start: ${options.start}`
  const rate = ({ count, perMs }: SimulatorTerms['initialRequests']) =>
    `{ count: ${count}, per: ${durationText(perMs)} }`
  return `orgs:
${orgs.map(({ name, token }) => `  - { name: ${name}, auth: { accessToken: ${JSON.stringify(token)} }${start} }`).join('\n')}
journal: { path: ${JSON.stringify(`${directories.data}/cdrstream.db`)} }
sinks:
  - { name: files, use: file, options: { directory: ${JSON.stringify(directories.records)}, publishAfter: ${publishAfter} } }
webex:
  baseUrl: ${baseUrl}
  pageSize: ${pageSize.max}
  initialRequests: ${rate(initialRequests)}
  pageRequests: ${rate(pageRequests)}
  stream: { settle: ${durationText(settleMs)}, retention: ${durationText(retentionMs)}, maxWindow: ${durationText(maxWindowMs)} }
`
}

/** In the largest unit that is exact: `2h`, `90s`, `250ms`. */
export function durationText(ms: number): string {
  const units = [
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const
  const exact = units.find(([, unitMs]) => ms >= unitMs && ms % unitMs === 0)
  return exact === undefined ? `${ms}ms` : `${ms / exact[1]}${exact[0]}`
}
