/** What the file system says about a file or a directory: `Stats` of Node has these. */
export interface FileFacts {
  readonly uid: number
  /** Type and permission bits. */
  readonly mode: number
}

/** Whether a file that only its owner may use can be trusted. */
export type FileTrust =
  | { readonly kind: 'trusted' }
  /**
   * It is ours and nobody else can have changed it, but others could read it, or its group may write to it.
   */
  | { readonly kind: 'loose' }
  /** `reason`: one line for a person: what is wrong, and what to do. */
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

/** Returns whether it is a symbolic link, by its `lstat`. */
export function isLink({ mode }: FileFacts): boolean {
  return (mode & fileType) === link
}

/** The permission bits in octal digits, such as `0644`. */
export function modeText({ mode }: FileFacts): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}

/**
 * Judges a file that cdrstream writes for its own user alone: a journal, a lock, a stored token. `uid` is
 * that of this process, undefined where the system has none (Windows): then only the type counts.
 */
export function judgeOwnFile(path: string, file: FileFacts, uid: number | undefined): FileTrust {
  if (!isRegularFile(file)) return refused(`${path} is not a regular file: move it away`)
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
 * Judges the directory of such a file, in which others must not be able to put another file in its place.
 * Returns why it cannot be trusted. In a sticky directory, such as `/tmp`, nobody can replace the files of
 * others.
 */
export function refusedDirectory(
  path: string,
  directory: FileFacts,
  uid: number | undefined,
): string | undefined {
  if (uid === undefined || !isOpenToAll(directory)) return undefined
  return (
    `every user may replace files in the directory ${path} (mode ${modeText(directory)}): ` +
    `choose a directory of its own, which cdrstream makes, or run chmod o-w ${path}`
  )
}

/**
 * Judges a directory that cdrstream makes for itself, such as the one of stored tokens. Returns why it cannot
 * be trusted.
 */
export function refusedOwnDirectory(
  path: string,
  directory: FileFacts,
  uid: number | undefined,
): string | undefined {
  const isOthers = uid !== undefined && directory.uid !== uid && directory.uid !== 0
  return isOthers
    ? `the directory ${path} belongs to the user with uid ${directory.uid}, and this process runs as uid ${uid}: move it away`
    : refusedDirectory(path, directory, uid)
}

/**
 * Returns who else can replace files in such a directory, in a person's words. Not refused: containers do
 * this.
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

/** A file that a person gives to cdrstream. */
export interface GivenFile {
  readonly path: string
  readonly file: FileFacts
  /** The one that the path leads to, and the one that a link leads to. */
  readonly directories: readonly FileFacts[]
  /** Whether it holds secrets that others must not read. */
  readonly isSecret: boolean
  /** Whether the file system is mounted read-only, so that no permission bit lets anyone write. */
  readonly isReadOnly: boolean
}

/** What is wrong with a given file, and what to do about it. */
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
 * Returns who else can change a file that cdrstream reads, or read it if it is secret. A file of root is
 * trusted, and so is who may read it: service managers and container platforms hand out secrets that way.
 * Pipes and devices are not judged.
 */
export function warnOfGivenFile(given: GivenFile, uid: number | undefined): readonly FileWarning[] {
  const { path, file, directories, isSecret, isReadOnly } = given
  if (uid === undefined || isReadOnly || !isRegularFile(file)) return []
  if (file.uid !== uid && file.uid !== 0) {
    return [
      {
        code: 'owned-by-another',
        message: `${path} belongs to the user with uid ${file.uid}, who can change it`,
        remedy: `Give it to root or to the user who collects: chown ${uid} ${path}`,
      },
    ]
  }
  if ((file.mode & othersWrite) !== 0) {
    return [
      {
        code: 'writable-by-others',
        message: `every user may write to ${path} (mode ${modeText(file)})`,
        remedy: `See that its content is yours, and run chmod go-w ${path}`,
      },
    ]
  }
  const open = directories.find(isOpenToAll)
  if (open !== undefined) {
    return [
      {
        code: 'directory-writable-by-others',
        message: `every user may replace ${path}, since its directory has the mode ${modeText(open)}`,
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
