import { describe, expect, test } from 'vitest'
import { judgeOwnFile, refusedDirectory, sharedDirectory, warnOfGivenFile } from './file-trust.ts'

const own = 1_000
const file = (mode: number, uid = own) => ({ uid, mode: 0o100000 | mode })
const directory = (mode: number, uid = own) => ({ uid, mode: 0o040000 | mode })

describe('a file of cdrstream', () => {
  test.each([
    ['private', file(0o600), 'trusted'],
    ['private and read-only', file(0o400), 'trusted'],
    ['readable by others', file(0o644), 'loose'],
    ['opened to its group, as Kubernetes does with fsGroup', file(0o660), 'loose'],
    ['writable by others', file(0o606), 'refused'],
    ['of another user', file(0o600, own + 1), 'refused'],
    ['of root', file(0o600, 0), 'refused'],
    ['a directory', directory(0o700), 'refused'],
    ['a link', { uid: own, mode: 0o120777 }, 'refused'],
    ['a pipe', { uid: own, mode: 0o010600 }, 'refused'],
  ] as const)('that is %s', (_, facts, kind) => {
    expect(judgeOwnFile('/data/journal.db', facts, own).kind).toBe(kind)
  })

  test('is trusted without a uid, if it is a file: Windows has none', () => {
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
  ])('in a directory of mode %o and uid %i', (mode, uid, isRefused, isShared) => {
    const facts = directory(mode, uid)
    expect({
      isRefused: refusedDirectory('/data', facts, own) !== undefined,
      isShared: sharedDirectory('/data', facts, own) !== undefined,
    }).toEqual({ isRefused, isShared })
  })
})

describe('a given file', () => {
  const given = {
    path: '/etc/cdrstream/token',
    file: file(0o600),
    directories: [directory(0o755, 0)],
    isSecret: true,
    isReadOnly: false,
  }

  test.each([
    ['is private', {}, undefined],
    ['is of root, for all to read, as a secret of Docker or Kubernetes', { file: file(0o444, 0) }, undefined],
    ['is ours, for all to read', { file: file(0o644) }, 'readable-by-others'],
    ['is no secret, for all to read', { file: file(0o644), isSecret: false }, undefined],
    ['may be written by its group', { file: file(0o660) }, undefined],
    ['may be written by all', { file: file(0o666) }, 'writable-by-others'],
    ['is of another user', { file: file(0o400, own + 1) }, 'owned-by-another'],
    ['lies in /tmp', { directories: [directory(0o1777, 0)] }, undefined],
    [
      'lies where all may write',
      { directories: [directory(0o755), directory(0o777)] },
      'directory-writable-by-others',
    ],
    [
      'is on a read-only file system',
      { file: file(0o666, own + 1), directories: [directory(0o777)], isReadOnly: true },
      undefined,
    ],
    ['is a pipe', { file: { uid: own + 1, mode: 0o010666 } }, undefined],
  ] as const)('that %s', (_, change, code) => {
    expect(warnOfGivenFile({ ...given, ...change }, own).map((warning) => warning.code)).toEqual(
      code === undefined ? [] : [code],
    )
  })
})
