import { duration, mapping, path, size } from './leaf.ts'

export const journalSchema = mapping('{ path }', {
  path: path.describe('The SQLite file of the journal. Not on a network file system.'),
  keep: duration('1s')
    .describe('How long records are kept. Records that a sink has not accepted yet are kept longer.')
    .prefault('31d'),
  maxBytes: size
    .describe('The maximum size. Above it, the oldest records are removed and the slowest sink has a gap.')
    .prefault('20GB'),
  minFreeDisk: size
    .describe('Collection pauses while free disk space is below this value.')
    .prefault('512MB'),
})
