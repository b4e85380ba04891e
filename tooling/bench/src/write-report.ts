import type { ManyOrgs } from './many-orgs.ts'
import { figure, holds, type Ratio } from './measure.ts'
import type { RunMemory } from './run-memory.ts'

export interface Machine {
  readonly node: string
  readonly processors: string
  readonly memoryGiB: number
  /** Of JSON, a record of the page that everything is measured with. */
  readonly recordBytes: number
}

/** The document, from what was measured. */
export function writeReport(
  ratios: readonly Ratio[],
  memory: readonly RunMemory[],
  manyOrgs: ManyOrgs,
  machine: Machine,
): string {
  const rows = ratios.map(
    (ratio) =>
      `| ${ratio.what} | ${ms(ratio.baselineMs)} | ${ms(ratio.measuredMs)} | ${figure(ratio).toFixed(2)} | ${goal(ratio)} |`,
  )
  return `# Performance

Written by \`npm run bench\`; do not edit. Each figure is a ratio of two medians that were measured in turn, in the same run: the
milliseconds differ from machine to machine, the ratios much less. The whole path and its slowest stage are measured one after the other,
as means over as many pages on end. A page is 5,000 records of 87 fields,
${machine.recordBytes.toLocaleString('en-US')} bytes of JSON each, of the simulator. Measured on ${machine.processors},
${machine.memoryGiB} GiB, Node ${machine.node},\nPostgreSQL 18.4 (durable, default settings), Elasticsearch 9.2.0 (1 GB heap), on the same machine.

| what | baseline, ms a page | measured, ms a page | ratio | goal |
|---|---|---|---|---|
${rows.join('\n')}

What the API allows one token is 55,000 records a minute, eleven pages.

## Many orgs

One engine with ${manyOrgs.orgs.toLocaleString('en-US')} orgs that have a token each, and its journal on disk, against a server of pages of a few records. Every
org may send one initial request a minute, as the API allows. The processor time of an org and minute is that of a request, from its
planning to its commit; the baseline is the same requests, whose answers are only parsed. Freshness is how old the newest second of an
org is just before it is read again, as a multiple of the least that it can be. Goal: at most 2 for 99 of 100.

| orgs | requests a second | processor ms an org and minute | bare requests, ms | ratio | freshness, p99 | |
|---|---|---|---|---|---|---|
| ${manyOrgs.orgs.toLocaleString('en-US')} | ${manyOrgs.requestsPerSecond.toFixed(0)} | ${ms(manyOrgs.orgMinuteMs)} | ${ms(manyOrgs.bareMs)} | ${(manyOrgs.orgMinuteMs / manyOrgs.bareMs).toFixed(1)} | ${manyOrgs.freshnessP99.toFixed(2)} | ${manyOrgs.holds ? 'holds' : '**missed**'} |

## Memory

\`cdrstream run\` while pages of 5,000 new records come one after the other, at its most. Goal: under 400 MB.

| sink | MB resident | pages | records | |
|---|---|---|---|---|
${memory.map((run) => `| ${run.sink} | ${run.mostMb} | ${run.pages} | ${run.records.toLocaleString('en-US')} | ${run.holds ? 'holds' : '**missed**'} |`).join('\n')}
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
