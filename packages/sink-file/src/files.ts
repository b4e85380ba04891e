/**
 * The calls to the file system that the sink makes. Tests put another one in its place, to fail and to crash
 * at each.
 */
export interface Files {
  /** Makes a directory (0700) in one that exists. False if the name is taken, by whatever. */
  makeDirectory(path: string): Promise<boolean>
  /** What lies there, without following a symbolic link; undefined: nothing. */
  look(path: string): Promise<Entry | undefined>
  list(directory: string): Promise<readonly string[]>
  /** The whole text; undefined: not there. */
  readText(path: string): Promise<string | undefined>
  readChunks(path: string): AsyncIterable<Uint8Array>
  /**
   * Writes to the end of a file (0600): of a `new` one, which must not exist, or of an `existing` one, which
   * must. A chunk must be valid until the next but one is asked for. Returns the bytes that were written.
   */
  append(path: string, chunks: Iterable<Uint8Array>, to: 'new' | 'existing'): Promise<number>
  /** Returns when the content of a file is durable. */
  sync(path: string): Promise<void>
  /** Returns when the names in a directory are durable. */
  syncDirectory(path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  remove(path: string): Promise<void>
  mayWrite(directory: string): Promise<boolean>
  freeBytes(directory: string): Promise<number>
}

export interface Entry {
  readonly kind: 'file' | 'directory' | 'other'
  readonly bytes: number
}
