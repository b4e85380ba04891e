/** The file system calls of a token file. Tests replace them to make each call fail or crash. */
export interface TokenFiles {
  /** Creates a directory (0700) in an existing one. Does nothing if the directory exists. */
  makeDirectory(path: string): Promise<void>
  /**
   * Returns the whole text, or undefined if the file does not exist. Rejects with an `UntrustedFile` if
   * others may have written it.
   */
  readText(path: string): Promise<string | undefined>
  /** Creates a file (0600) with this text. Fails if the file exists. */
  create(path: string, text: string): Promise<void>
  /** Resolves when the content of a file is durable. */
  sync(path: string): Promise<void>
  /** Resolves when the names in a directory are durable. */
  syncDirectory(path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** Does nothing if the file does not exist. */
  remove(path: string): Promise<void>
}

/**
 * Another user may have written the file, or can replace it. The message is one human-readable line without
 * the file's content.
 */
export class UntrustedFile extends Error {
  override readonly name = 'UntrustedFile'
  readonly code = 'untrusted-file'
}
