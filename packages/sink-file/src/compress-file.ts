import { pipeline } from 'node:stream/promises'
import { constants, createGzip, createZstdCompress } from 'node:zlib'
import type { Compression } from './file-sink-options.ts'
import type { Files } from './files.ts'

const chunkSize = 1_048_576
const zstdLevel = 3
const gzipLevel = 6

export const suffixes = { none: '', zstd: '.zst', gzip: '.gz' } as const satisfies Record<Compression, string>

/** Compresses a file into a new one. The same content always results in the same bytes. */
export async function compressFile(
  files: Files,
  paths: { readonly from: string; readonly to: string },
  compression: 'zstd' | 'gzip',
  signal: AbortSignal,
): Promise<void> {
  const write = async (compressed: AsyncIterable<Uint8Array>) => {
    let to: 'new' | 'existing' = 'new'
    for await (const chunk of compressed) {
      await files.append(paths.to, [chunk], to)
      to = 'existing'
    }
  }
  await pipeline(files.readChunks(paths.from), compressor(compression), write, { signal })
}

function compressor(compression: 'zstd' | 'gzip') {
  switch (compression) {
    case 'zstd': {
      const params = { [constants.ZSTD_c_compressionLevel]: zstdLevel, [constants.ZSTD_c_checksumFlag]: 1 }
      return createZstdCompress({ chunkSize, params })
    }
    case 'gzip':
      return createGzip({ chunkSize, level: gzipLevel })
  }
}
