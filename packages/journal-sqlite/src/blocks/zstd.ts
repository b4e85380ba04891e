import { promisify } from 'node:util'
import { constants, zstdCompress, zstdCompressSync, zstdDecompress, zstdDecompressSync } from 'node:zlib'

const compressApart = promisify(zstdCompress)
const decompressApart = promisify(zstdDecompress)

// Below, handing the work to another thread costs more than it saves.
const apartFromBytes = 65_536
const mostChunkBytes = 4 * 1_024 * 1_024

/** Compresses quickly rather than well: level 1, with a checksum. Large inputs on another thread. */
export async function compress(bytes: Uint8Array): Promise<Uint8Array> {
  const options = {
    params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
    // What is to be expected at once, instead of many small pieces.
    chunkSize: Math.min(mostChunkBytes, Math.max(1_024, bytes.length >> 2)),
  }
  return bytes.length < apartFromBytes
    ? zstdCompressSync(bytes, options)
    : await compressApart(bytes, options)
}

/** Rejects what is damaged, and what is longer than it should be. */
export async function decompress(bytes: Uint8Array, decodedBytes: number): Promise<Buffer> {
  return decodedBytes < apartFromBytes
    ? decompressNow(bytes, decodedBytes)
    : whole(await decompressApart(bytes, decodeOptions(decodedBytes)), decodedBytes)
}

/** The same, while everything else waits. */
export function decompressNow(bytes: Uint8Array, decodedBytes: number): Buffer {
  return whole(zstdDecompressSync(bytes, decodeOptions(decodedBytes)), decodedBytes)
}

function decodeOptions(decodedBytes: number) {
  return { chunkSize: Math.max(1_024, decodedBytes), maxOutputLength: Math.max(1, decodedBytes) }
}

function whole(decoded: Buffer, decodedBytes: number): Buffer {
  if (decoded.length !== decodedBytes)
    throw new Error(`a block of ${decodedBytes} bytes has ${decoded.length}`)
  return decoded
}
