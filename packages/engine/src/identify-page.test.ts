import { hash } from 'node:crypto'
import { expect, it } from 'vitest'
import { identifyPage } from './identify-page.ts'

it('the canonical contents of a page are kept up to a limit, and records beyond it are otherwise the same', () => {
  const text = '{"Report ID":"a","User":"u"}'
  const item = { kind: 'parsed' as const, text, bytes: Buffer.from(text), value: JSON.parse(text) as unknown }
  const digest = (content: string) => hash('sha256', content)
  const first = identifyPage(digest)(item)
  const characters = first.kind === 'record' ? (first.content?.length ?? 0) : 0
  expect(characters).toBeGreaterThan(0)

  const identify = identifyPage(digest, 2 * characters)
  const page = [identify(item), identify(item), identify(item)]
  expect(page).toEqual([first, first, { ...first, content: undefined }])
})
