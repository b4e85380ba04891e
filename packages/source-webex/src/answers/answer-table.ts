import type { AnswerRow } from './answer-row.ts'
import { errorRows } from './error-rows.ts'
import { pageRows } from './page-rows.ts'
import { unansweredRows } from './unanswered-rows.ts'

/**
 * Every kind of response from `cdr_stream`, including none at all (API facts, sections 6 to 8). The first
 * matching row applies. The classification and docs/api-behaviour.md are both derived from this table.
 */
export const answerTable: readonly AnswerRow[] = [...pageRows, ...errorRows, ...unansweredRows]
