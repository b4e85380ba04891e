/** The file system calls that the sink makes. Tests replace them to make each call fail or crash. */
export interface Files {
  /** Creates a directory (0700) in an existing one. Returns false if anything with that name exists. */
  makeDirectory(path: string): Promise<boolean>
  /** Returns what exists at the path, or undefined. Does not follow a symbolic link. */
  look(path: string): Promise<Entry | undefined>
  list(directory: string): Promise<readonly string[]>
  /** Returns the whole text, or undefined if the file does not exist. */
  readText(path: string): Promise<string | undefined>
  readChunks(path: string): AsyncIterable<Uint8Array>
  /**
   * Appends to a `new` file (0600), which must not exist, or to an `existing` file, which must exist. A chunk
   * must stay valid until the second chunk after it is requested. Returns the number of bytes written.
   */
  append(path: string, chunks: Iterable<Uint8Array>, to: 'new' | 'existing'): Promise<number>
  /** Resolves when the content of a file is durable. */
  sync(path: string): Promise<void>
  /** Resolves when the names in a directory are durable. */
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
