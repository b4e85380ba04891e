import { promisify } from 'node:util'
import { constants, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib'

const compressAsync = promisify(zstdCompress)
const decompressAsync = promisify(zstdDecompress)

// Below this size, handing the work to another thread costs more than it saves.
const asyncFromBytes = 65_536
const maxChunkBytes = 4 * 1_024 * 1_024

/**
 * Compresses for speed rather than size: level 1, with a checksum. Large inputs are compressed on another
 * thread.
 */
export async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  const options = {
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
    // The expected size of the output, so that the output arrives in one piece instead of many small ones.
    chunkSize: Math.min(maxChunkBytes, Math.max(1_024, bytes.length >> 2)),
  }
  return bytes.length < asyncFromBytes
    ? zstdCompressSync(bytes, options)
    : await compressAsync(bytes, options)
}

/**
 * Decompresses on another thread if the output is large. Rejects if the input is damaged or its decompressed
 * size differs from `decodedBytes`.
 */
export async function decompress(bytes: Uint8Array, decodedBytes: number): Promise<Buffer> {
  return decodedBytes < asyncFromBytes
    ? decompressNow(bytes, decodedBytes)
    : checkedSize(await decompressAsync(bytes, decodeOptions(decodedBytes)), decodedBytes)
}

/** Like `decompress`, but blocks the event loop. */
export function decompressNow(bytes: Uint8Array, decodedBytes: number): Buffer {
  return checkedSize(zstdDecompressSync(bytes, decodeOptions(decodedBytes)), decodedBytes)
}

function decodeOptions(decodedBytes: number) {
  return { chunkSize: Math.max(1_024, decodedBytes), maxOutputLength: Math.max(1, decodedBytes) }
}

function checkedSize(decoded: Buffer, decodedBytes: number): Buffer {
  if (decoded.length !== decodedBytes)
    throw new Error(`a block has ${decoded.length} bytes instead of ${decodedBytes}`)
  return decoded
}
