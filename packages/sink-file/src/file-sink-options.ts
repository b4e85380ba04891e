import { byteSizeOption, durationOption, pathOption } from '@cdrstream/sink-kit'
import { z } from 'zod'

/** How published files are compressed. */
export type Compression = 'none' | 'zstd' | 'gzip'

/** The validated options of the file sink. */
export interface FileSinkOptions {
  /** Where the files go. A relative path starts from the configuration directory. Required. */
  readonly directory: string
  /** One JSON object per line. Default `ndjson`, the only format so far. */
  readonly format: 'ndjson'
  /** How published files are compressed. Default `none`. */
  readonly compress: Compression
  /** A file is published when it reaches this size in bytes, before compression. Default 128 MB. */
  readonly rotateBytes: number
  /**
   * The longest time that a record waits to be published (`publishAfter`), in milliseconds. Default 60,000.
   */
  readonly publishAfterMs: number
}

/** The schema of the options in the configuration, where sizes and durations are text. */
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
      .describe('The size, before compression, at which a file is published; at least 1KB.'),
    publishAfter: durationOption({ example: '60s' })
      .prefault('60s')
      .describe('The longest time that a record waits to be published; a duration such as 60s.'),
  })
  .transform(({ publishAfter, ...others }): FileSinkOptions => ({ ...others, publishAfterMs: publishAfter }))
