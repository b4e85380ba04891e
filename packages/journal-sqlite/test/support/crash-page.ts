import type { PageCommit } from '@cdrstream/engine'
import { examplePage } from './example-page.ts'

/** Returns pages of many sizes. Some are compressed on another thread. */
export function crashPage(number: number): PageCommit {
  return examplePage(number, { count: (number * 37) % 101, textLength: 1_000 + ((number * 53) % 2_000) })
}
