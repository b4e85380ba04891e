import { resolve } from 'node:path'
import type { JournalConfiguration } from '../configuration.ts'
import type { PlainValue } from '../plain-value.ts'
import { journalSchema } from '../schema/journal-schema.ts'
import { parseSection, type Section } from './section.ts'

export function readJournal(plain: PlainValue, baseDirectory: string): Section<JournalConfiguration> {
  const { value, problems } = parseSection(journalSchema, plain, ['journal'])
  if (value === undefined) return { value, problems }
  const { path, keep, maxBytes, minFreeDisk } = value
  return {
    value: {
      path: resolve(baseDirectory, path),
      keepMs: keep,
      maxBytes,
      minFreeDiskBytes: minFreeDisk,
    },
    problems,
  }
}
