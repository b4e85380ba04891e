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
    directory: pathOption('a directory'),
    format: z.enum(['ndjson']).default('ndjson'),
    compress: z.enum(['none', 'zstd', 'gzip']).default('none'),
    rotateBytes: byteSizeOption({ least: '1KB', example: '128MB' }).prefault('128MB'),
    publishAfter: durationOption({ example: '60s' }).prefault('60s'),
  })
  .transform(({ publishAfter, ...others }): FileSinkOptions => ({ ...others, publishAfterMs: publishAfter }))
