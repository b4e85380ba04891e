/**
 * Gives the memory behind these bytes back at once, and not when the garbage collector comes by. The caller
 * is the only one who has it; what shares the pool that Node cuts small buffers from is left alone.
 */
export function releaseMemory({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0)
}
