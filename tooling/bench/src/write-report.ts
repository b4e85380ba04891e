import type { HttpOverhead } from './http-overhead.ts'
import type { ManyOrgs } from './many-orgs.ts'
import { figure, holds, type Ratio } from './measure.ts'
import type { RunMemory } from './run-memory.ts'

export interface Machine {
  readonly node: string
  readonly processors: string
  readonly memoryGiB: number
  /** The JSON size of an average record on the page. */
  readonly recordBytes: number
}

/** Returns the text of `docs/performance.md`. */
export function writeReport(
  ratios: readonly Ratio[],
  memory: readonly RunMemory[],
  manyOrgs: ManyOrgs,
  http: HttpOverhead,
  machine: Machine,
): string {
  const rows = ratios.map(
    (ratio) =>
      `| ${ratio.what} | ${ms(ratio.baselineMs)} | ${ms(ratio.measuredMs)} | ${figure(ratio).toFixed(2)} | ${goal(ratio)} |`,
  )
  return `# Performance

Written by \`npm run bench\`; do not edit. Each figure is the ratio of two medians, which are measured alternately in the same run. Ratios
differ much less between machines than milliseconds. The whole path and its slowest stage are measured one after the other, as means over
the same number of consecutive pages. A page has 5,000 simulated records with 87 fields,
${machine.recordBytes.toLocaleString('en-US')} bytes of JSON each. Measured on ${machine.processors},
${machine.memoryGiB} GiB, Node ${machine.node},\nPostgreSQL 18.4 (durable, default settings), Elasticsearch 9.2.0 (1 GB heap), on the same machine.

| comparison | baseline, ms per page | measured, ms per page | ratio | goal |
|---|---|---|---|---|
${rows.join('\n')}

The API allows 55,000 records a minute per token, which is eleven pages.

## Many orgs

One engine with ${manyOrgs.orgs.toLocaleString('en-US')} orgs, each with its own token, and the journal on disk, against a server that returns pages of a few records. Each
org may send one initial request a minute, as the API allows. The processor time per org and minute is that of one request, from planning
to commit; the baseline is the same requests with answers that are only parsed. Freshness is how old an org's newest second is just before
it is read again, as a multiple of the smallest possible value. Goal: at most 2 for 99 of 100 orgs.

| orgs | requests per second | processor ms per org and minute | bare requests, ms | ratio | freshness, p99 | |
|---|---|---|---|---|---|---|
| ${manyOrgs.orgs.toLocaleString('en-US')} | ${manyOrgs.requestsPerSecond.toFixed(0)} | ${ms(manyOrgs.orgMinuteMs)} | ${ms(manyOrgs.bareMs)} | ${(manyOrgs.orgMinuteMs / manyOrgs.bareMs).toFixed(1)} | ${manyOrgs.freshnessP99.toFixed(2)} | ${manyOrgs.holds ? 'holds' : '**missed**'} |

## Memory

The peak of \`cdrstream run\` while pages of 5,000 new records arrive one after the other. Goal: under 400 MB.

| sink | MB resident | pages | records | |
|---|---|---|---|---|
${memory.map((run) => `| ${run.sink} | ${run.peakMb} | ${run.pages} | ${run.records.toLocaleString('en-US')} | ${run.holds ? 'holds' : '**missed**'} |`).join('\n')}

## HTTP

The same run to files, without and with \`http\`, while one client reads \`/metrics\` every second and another follows the events. Medians of
${http.rounds} alternating runs each. Goal: at most 5 % more memory, and at most 5 % more processor time per page.

| | MB resident | processor ms per page |
|---|---|---|
| without | ${http.without.peakMb} | ${ms(http.without.processorMs)} |
| with | ${http.with.peakMb} | ${ms(http.with.processorMs)} |
| ratio: ${http.holds ? 'holds' : '**missed**'} | ${http.memoryRatio.toFixed(2)} | ${http.processorRatio.toFixed(2)} |
`
}

function ms(value: number): string {
  return value.toFixed(1)
}

function goal(ratio: Ratio): string {
  const { goal } = ratio
  if (goal.kind === 'reported') return 'reported'
  const bound = goal.kind === 'times-faster' ? '≥' : '≤'
  return `${bound} ${goal.floor} (aim ${bound} ${goal.aim}): ${holds(ratio) ? 'holds' : '**missed**'}`
}
