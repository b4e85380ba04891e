import type { AnswerRow } from '../src/answers/answer-row.ts'
import { answerTable } from '../src/answers/answer-table.ts'

export const apiBehaviourFile = new URL('../../../docs/api-behaviour.md', import.meta.url)

/** The table of answers, for people. */
export function renderApiBehaviour(): string {
  const answered = answerTable.filter(({ when }) => when.kind === 'answered')
  const unanswered = answerTable.filter(({ when }) => when.kind === 'unanswered')
  return `<!-- Generated from packages/source-webex/src/answers by \`pnpm --filter @cdrstream/source-webex generate\`. Do not edit. -->

# What an answer of the API comes to

Every answer of \`cdr_stream\` is classified by one table, of which the first row that holds counts. Nobody outside Cisco knows all answers:
what is not in the documentation is in the [facts about the API](api/webex-cdr-api.md), with where it was seen. The code is stable, for
machines; what the operator is told stands in the log beside it, with the org, the status, the API's own words (cut short, without secrets)
and two TrackingIDs: ours, which each request carries, and the server's. Cisco's support finds a request by either.

## With an answer

${renderRows(answered)}

## Without one

${renderRows(unanswered)}

## What the collector does

Times are those of the usual terms, one initial request a minute, and scale with them. Each request has a slot of the rate limit, which is
durable before it is sent: also the one after a 401 or a 451.

- **takes the page**: its records and how far they reach are committed in one transaction. A window that comes empty although it holds one
  that had records is read once more.
- **waits for the limit**: nothing is sent before the longer of Retry-After (an hour at most) and a minute; from the third 429 in a row on,
  the collector sends half as often, and says \`credential-shared\`.
- **tries again**: with the next slot, then after 1, 2, 4 and 5 minutes, or after Retry-After if that is longer (5 minutes at most).
  \`run --once\` gives up after two minutes without progress (\`--timeout\`), with code 1.
- **pauses**: this org is tried again every 5 minutes, and shown with its code until it succeeds; the others go on. \`run --once\` ends with code 3.
- **plans anew**: at once, with a margin that doubles, up to eight times; then it pauses.

## What headers may say

- **Date**: missing, or more than a year from our own clock: not believed. The server's clock is then as known before.
- **Retry-After**: seconds, or a date, which is counted from the server's own Date. Negative or no number: as if it were missing. Never more
  than a day is believed.
- **Link**: the normal and the misprinted form, in any letter case. Of the address only the query is taken; scheme, host and path are ours.
- **Content-Encoding**: gzip, deflate, br, zstd, at most two upon each other. The limit of a body (64 MB) holds for what it decodes to.
- **Content-Length**: another length than came is a body that is cut.
`
}

function renderRows(rows: readonly AnswerRow[]): string {
  const head = ['answer', 'code', 'means', 'the collector', 'the operator is told']
  const cells = rows.map((row) => [
    whenOf(row),
    `\`${row.code}\``,
    row.meaning,
    doesOf(row),
    row.remedy === null ? '' : row.remedy.replaceAll(/\{(\w+)\}/g, '*$1*'),
  ])
  const line = (texts: readonly string[]) =>
    `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...cells.map(line)].join('\n')
}

function whenOf({ when }: AnswerRow): string {
  if (when.kind === 'unanswered') return when.sign?.says ?? 'anything else'
  const statuses = when.statuses.map((status) =>
    typeof status === 'number' ? String(status) : status[0] === 0 ? 'any other' : `${status[0]}–${status[1]}`,
  )
  return [statuses.join(', '), ...(when.sign === undefined ? [] : [when.sign.says])].join(': ')
}

function doesOf({ outcome, when }: AnswerRow): string {
  switch (outcome.kind) {
    case 'page':
      return 'takes the page'
    case 'limited':
      return 'waits for the limit'
    case 'refused':
      return outcome.reason === 'window' ? 'plans anew' : 'pauses'
    case 'failed': {
      const { reason } = outcome
      const wasTooMuch =
        when.kind === 'answered' &&
        (reason === 'too-large' || reason === 'timeout' || when.statuses.includes(504))
      if (wasTooMuch) return 'tries again, with half the window'
      if (reason === 'token') return 'tries again, with another token'
      return reason === 'region' ? 'tries again, at the other host' : 'tries again'
    }
  }
}
