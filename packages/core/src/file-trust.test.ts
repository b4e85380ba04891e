import { describe, expect, test } from 'vitest'
import { judgeOwnFile, refusedDirectory, sharedDirectory, warnOfGivenFile } from './file-trust.ts'

const own = 1_000
const file = (mode: number, uid = own) => ({ uid, mode: 0o100000 | mode })
const directory = (mode: number, uid = own) => ({ uid, mode: 0o040000 | mode })

describe('a file owned by cdrstream', () => {
  test.each([
    ['private', 'trusted', file(0o600)],
    ['private and read-only', 'trusted', file(0o400)],
    ['readable by others', 'loose', file(0o644)],
    ['accessible to its group, as with fsGroup in Kubernetes', 'loose', file(0o660)],
    ['writable by others', 'refused', file(0o606)],
    ['owned by another user', 'refused', file(0o600, own + 1)],
    ['owned by root', 'refused', file(0o600, 0)],
    ['a directory', 'refused', directory(0o700)],
    ['a link', 'refused', { uid: own, mode: 0o120777 }],
    ['a pipe', 'refused', { uid: own, mode: 0o010600 }],
  ] as const)('that is %s → %s', (_, kind, facts) => {
    expect(judgeOwnFile('/data/journal.db', facts, own).kind).toBe(kind)
  })

  test('is trusted without a uid if it is a regular file, because Windows has no uids', () => {
    expect(judgeOwnFile('/data/journal.db', file(0o666, 0), undefined).kind).toBe('trusted')
    expect(judgeOwnFile('/data/journal.db', directory(0o700), undefined).kind).toBe('refused')
  })

  test.each([
    [0o700, own, false, false],
    [0o755, 0, false, false],
    [0o775, own, false, true],
    [0o755, own + 1, false, true],
    [0o777, own, true, true],
    [0o777, 0, true, true],
    [0o1777, 0, false, false],
  ])('in a directory with mode %o and uid %i → refused: %s, shared: %s', (mode, uid, isRefused, isShared) => {
    const facts = directory(mode, uid)
    expect({
      isRefused: refusedDirectory('/data', facts, own) !== undefined,
      isShared: sharedDirectory('/data', facts, own) !== undefined,
    }).toEqual({ isRefused, isShared })
  })
})

describe('a file that the configuration names', () => {
  const given = {
    path: '/etc/cdrstream/token',
    file: file(0o600),
    directories: [directory(0o755, 0)],
    isSecret: true,
    isReadOnly: false,
  }

  test.each([
    ['is private', {}, undefined],
    [
      'is owned by root and readable by all, like a Docker or Kubernetes secret',
      { file: file(0o444, 0) },
      undefined,
    ],
    ['is ours and readable by all', { file: file(0o644) }, 'readable-by-others'],
    ['is not secret and readable by all', { file: file(0o644), isSecret: false }, undefined],
    ['is writable by its group', { file: file(0o660) }, undefined],
    ['is writable by all', { file: file(0o666) }, 'writable-by-others'],
    ['is owned by another user', { file: file(0o400, own + 1) }, 'owned-by-another'],
    ['is in /tmp', { directories: [directory(0o1777, 0)] }, undefined],
    [
      'is in a directory writable by all',
      { directories: [directory(0o755), directory(0o777)] },
      'directory-writable-by-others',
    ],
    [
      'is on a read-only file system',
      { file: file(0o666, own + 1), directories: [directory(0o777)], isReadOnly: true },
      undefined,
    ],
    ['is a pipe', { file: { uid: own + 1, mode: 0o010666 } }, undefined],
  ] as const)('that %s → a warning if other users can change it or read its secret', (_, change, code) => {
    expect(warnOfGivenFile({ ...given, ...change }, own).map((warning) => warning.code)).toEqual(
      code === undefined ? [] : [code],
    )
  })
})
