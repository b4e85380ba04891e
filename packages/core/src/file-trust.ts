/** What the file system reports about a file or directory. Node's `Stats` has these properties. */
export interface FileFacts {
  readonly uid: number
  /** Type and permission bits. */
  readonly mode: number
}

/** Whether a file that only its owner should access can be trusted. */
export type FileTrust =
  | { readonly kind: 'trusted' }
  /**
   * The file is ours and no one else can have changed it, but others could read it, or its group may write to
   * it.
   */
  | { readonly kind: 'loose' }
  /** `reason`: one readable line that says what is wrong and what to do. */
  | { readonly kind: 'refused'; readonly reason: string }

const fileType = 0o170000
const regular = 0o100000
const link = 0o120000
const sticky = 0o1000
const groupWrite = 0o020
const othersWrite = 0o002
const othersRead = 0o004
const groupOrOthers = 0o077

function isRegularFile({ mode }: FileFacts): boolean {
  return (mode & fileType) === regular
}

/** Returns whether this result of `lstat` describes a symbolic link. */
export function isLink({ mode }: FileFacts): boolean {
  return (mode & fileType) === link
}

/** Returns the permission bits in octal digits, such as `0644`. */
export function modeText({ mode }: FileFacts): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}

/**
 * Checks a file that cdrstream writes for its own user only: a journal, a lock, a stored token. `uid` is the
 * uid of this process. It is undefined if the system has none (Windows), and only the file type is then
 * checked.
 */
export function judgeOwnFile(path: string, file: FileFacts, uid: number | undefined): FileTrust {
  if (!isRegularFile(file)) return refused(`${path} is not a regular file: move it to another directory`)
  if (uid === undefined) return { kind: 'trusted' }
  if (file.uid !== uid) {
    return refused(
      `${path} belongs to the user with uid ${file.uid}, and this process runs as uid ${uid}: run cdrstream as its owner, ` +
        `or, if you trust what is in the file, make it yours (chown ${uid} ${path})`,
    )
  }
  if ((file.mode & othersWrite) !== 0) {
    return refused(
      `every user may write to ${path} (mode ${modeText(file)}): if you trust what is in the file, run chmod 600 ${path}`,
    )
  }
  return { kind: (file.mode & groupOrOthers) === 0 ? 'trusted' : 'loose' }
}

/**
 * Checks the directory of such a file: other users must not be able to replace the file. Returns why the
 * directory cannot be trusted, or undefined if it can. In a sticky directory such as `/tmp`, no one can
 * replace other users' files.
 */
export function refusedDirectory(
  path: string,
  directory: FileFacts,
  uid: number | undefined,
): string | undefined {
  if (uid === undefined || !isOpenToAll(directory)) return undefined
  return (
    `every user may replace files in the directory ${path} (mode ${modeText(directory)}): ` +
    `choose a directory that cdrstream can create for itself, or run chmod o-w ${path}`
  )
}

/**
 * Checks a directory that cdrstream creates for itself, such as the one for stored tokens. Returns why the
 * directory cannot be trusted, or undefined if it can.
 */
export function refusedOwnDirectory(
  path: string,
  directory: FileFacts,
  uid: number | undefined,
): string | undefined {
  const isForeign = uid !== undefined && directory.uid !== uid && directory.uid !== 0
  return isForeign
    ? `the directory ${path} belongs to the user with uid ${directory.uid}, and this process runs as uid ${uid}: move it elsewhere`
    : refusedDirectory(path, directory, uid)
}

/**
 * Returns a description of who else can replace files in such a directory, or undefined if no one can. Such a
 * directory is not refused, because containers use them.
 */
export function sharedDirectory(
  path: string,
  directory: FileFacts,
  uid: number | undefined,
): string | undefined {
  if (uid === undefined || (directory.mode & sticky) !== 0) return undefined
  if (directory.uid !== uid && directory.uid !== 0) {
    return `${path} belongs to the user with uid ${directory.uid}, who can replace the files in it`
  }
  return (directory.mode & groupWrite) === 0
    ? undefined
    : `the group of ${path} can replace the files in it (mode ${modeText(directory)})`
}

/** A file that the configuration refers to. */
export interface GivenFile {
  readonly path: string
  readonly file: FileFacts
  /** The directory of the path, and the directory of the link target. */
  readonly directories: readonly FileFacts[]
  /** Whether the file holds secrets that others must not read. */
  readonly isSecret: boolean
  /** Whether the file system is mounted read-only, so that no one can write despite the permission bits. */
  readonly isReadOnly: boolean
}

/** What is wrong with such a file, and how to fix it. */
export interface FileWarning {
  readonly code:
    | 'owned-by-another'
    | 'writable-by-others'
    | 'directory-writable-by-others'
    | 'readable-by-others'
  readonly message: string
  readonly remedy: string
}

/**
 * Returns warnings about other users who can change a file that cdrstream reads, or read it if it is secret.
 * Files owned by root and readable by their group are trusted, because service managers and container
 * platforms provide secrets that way. Pipes and devices are not checked.
 */
export function warnOfGivenFile(given: GivenFile, uid: number | undefined): readonly FileWarning[] {
  const { path, file, directories, isSecret, isReadOnly } = given
  if (uid === undefined || isReadOnly || !isRegularFile(file)) return []
  if (file.uid !== uid && file.uid !== 0) {
    return [
      {
        code: 'owned-by-another',
        message: `${path} belongs to the user with uid ${file.uid}, who can change it`,
        remedy: `Give it to root or to the user that cdrstream runs as: chown ${uid} ${path}`,
      },
    ]
  }
  if ((file.mode & othersWrite) !== 0) {
    return [
      {
        code: 'writable-by-others',
        message: `every user may write to ${path} (mode ${modeText(file)})`,
        remedy: `Check that no one has changed it, and run chmod go-w ${path}`,
      },
    ]
  }
  const open = directories.find(isOpenToAll)
  if (open !== undefined) {
    return [
      {
        code: 'directory-writable-by-others',
        message: `every user may replace ${path}, because its directory has mode ${modeText(open)}`,
        remedy:
          'Move the file to a directory that only its owner can write to, or run chmod o-w on the directory',
      },
    ]
  }
  if (isSecret && file.uid === uid && (file.mode & othersRead) !== 0) {
    return [
      {
        code: 'readable-by-others',
        message: `every user may read the secret in ${path} (mode ${modeText(file)})`,
        remedy: `Run chmod 600 ${path}`,
      },
    ]
  }
  return []
}

function isOpenToAll({ mode }: FileFacts): boolean {
  return (mode & othersWrite) !== 0 && (mode & sticky) === 0
}

function refused(reason: string): FileTrust {
  return { kind: 'refused', reason }
}
