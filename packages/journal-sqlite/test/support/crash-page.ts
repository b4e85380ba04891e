import type { PageCommit } from '@cdrstream/engine'
import { examplePage } from './example-page.ts'

/** Pages of many sizes, some of them compressed on another thread. */
export function crashPage(number: number): PageCommit {
  return examplePage(number, { count: (number * 37) % 101, textLength: 1_000 + ((number * 53) % 2_000) })
}
