/**
 * The calls to the file system that a token file takes. Tests put another one in its place, to fail and to
 * crash at each.
 */
export interface TokenFiles {
  /** Makes a directory (0700) in one that exists. No error if there is one already. */
  makeDirectory(path: string): Promise<void>
  /**
   * The whole text; undefined: there is no such file. Rejects with an `UntrustedFile` if others may have
   * written it.
   */
  readText(path: string): Promise<string | undefined>
  /** Creates a file (0600) that must not exist, with this text. */
  create(path: string, text: string): Promise<void>
  /** Returns when the content of a file is durable. */
  sync(path: string): Promise<void>
  /** Returns when the names in a directory are durable. */
  syncDirectory(path: string): Promise<void>
  rename(from: string, to: string): Promise<void>
  /** No error if there is no such file. */
  remove(path: string): Promise<void>
}

/**
 * Another user may have written the file, or can replace it. The message is one line for a person, without
 * content.
 */
export class UntrustedFile extends Error {
  override readonly name = 'UntrustedFile'
  readonly code = 'untrusted-file'
}
