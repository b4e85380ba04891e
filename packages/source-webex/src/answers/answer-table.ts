import type { AnswerRow } from './answer-row.ts'
import { errorRows } from './error-rows.ts'
import { pageRows } from './page-rows.ts'
import { silenceRows } from './silence-rows.ts'

/**
 * Every answer of `cdr_stream`, and none (API facts, sections 6 to 8). The first row that holds is the
 * meaning; what classifies, and docs/api-behaviour.md, are made from this and from nothing else.
 */
export const answerTable: readonly AnswerRow[] = [...pageRows, ...errorRows, ...silenceRows]
