import { byteSizeOption, durationOption, pathOption } from '@cdrstream/sink-kit'
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

/** The options as the configuration has them: sizes and durations are text. */
export const fileSinkOptions = z
  .strictObject({
    directory: pathOption('a directory').describe(
      'Where the files go. A relative path starts from the directory of the configuration.',
    ),
    format: z
      .enum(['ndjson'])
      .default('ndjson')
      .describe('One JSON object per line; the only format so far.'),
    compress: z.enum(['none', 'zstd', 'gzip']).default('none').describe('How the files are compressed.'),
    rotateBytes: byteSizeOption({ least: '1KB', example: '128MB' })
      .prefault('128MB')
      .describe('A file of this size, before compression, is published: at least 1KB.'),
    publishAfter: durationOption({ example: '60s' })
      .prefault('60s')
      .describe('A record waits no longer than this to be published: a duration such as 60s.'),
  })
  .transform(({ publishAfter, ...others }): FileSinkOptions => ({ ...others, publishAfterMs: publishAfter }))
