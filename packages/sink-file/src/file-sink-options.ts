import { isFilePath, parseByteSize, parseDurationMs } from '@cdrstream/plugin'
import { z } from 'zod'

export type Compression = 'none' | 'zstd' | 'gzip'

/** The options of the file sink, checked. */
export interface FileSinkOptions {
  /** Where the files go. A relative path is meant from the directory of the configuration. Required. */
  readonly directory: string
  /** One JSON object a line. Default `ndjson`, so far the only one. */
  readonly format: 'ndjson'
  /** Default `none`. */
  readonly compress: Compression
  /** `rotateBytes`: the bytes, before compression, at which a file is published. Default 128 MB. */
  readonly rotateBytes: number
  /** `publishAfter`: no unpublished record is older, in milliseconds. Default 60,000. */
  readonly publishAfterMs: number
}

const leastRotateBytes = 1_000
const expectedDirectory = 'expected the path of a directory'
const expectedSize = 'expected a size of at least 1KB: a whole number and B, KB, MB, GB or TB, such as 128MB'
const expectedDuration = 'expected a duration: a whole number and ms, s, m, h or d, such as 60s'

/** The options as the configuration has them: sizes and durations are text. */
export const fileSinkOptions = z
  .strictObject({
    directory: z.string(expectedDirectory).refine(isFilePath, expectedDirectory),
    format: z.enum(['ndjson']).default('ndjson'),
    compress: z.enum(['none', 'zstd', 'gzip']).default('none'),
    rotateBytes: read(expectedSize, (text) => {
      const bytes = parseByteSize(text)
      return bytes !== undefined && bytes >= leastRotateBytes ? bytes : undefined
    }).prefault('128MB'),
    publishAfter: read(expectedDuration, parseDurationMs).prefault('60s'),
  })
  .transform(({ publishAfter, ...others }): FileSinkOptions => ({ ...others, publishAfterMs: publishAfter }))

function read(expected: string, parse: (text: string) => number | undefined) {
  return z.string(expected).transform((text, context) => {
    const value = parse(text)
    if (value !== undefined) return value
    context.addIssue({ code: 'custom', message: expected })
    return z.NEVER
  })
}
