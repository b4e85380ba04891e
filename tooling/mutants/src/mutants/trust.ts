import type { Mutant } from '../mutant.ts'

const trust = 'packages/core/src/file-trust.test.ts'
const claim = 'packages/journal-sqlite/src/open/claim-files.test.ts'
const tokens = 'packages/source-webex/src/sign-in/token-file.test.ts'
const place = 'packages/testkit/src/certified-place.test.ts'

/** What others may have written is not trusted, and what others own is not destroyed. */
export const trustMutants: readonly Mutant[] = [
  {
    name: 'file-of-root-is-trusted',
    file: 'packages/core/src/file-trust.ts',
    find: '  if (file.uid !== uid) {',
    replace: '  if (file.uid !== uid && file.uid !== 0) {',
    caughtBy: trust,
  },
  {
    name: 'companions-of-the-journal-are-not-judged',
    file: 'packages/journal-sqlite/src/open/claim-files.ts',
    find: "const companions = ['', '-wal', '-shm', '-journal']",
    replace: "const companions = ['']",
    caughtBy: claim,
  },
  {
    name: 'dangling-link-is-no-file',
    file: 'packages/journal-sqlite/src/open/claim-files.ts',
    find: "if (systemCode(error) !== 'ENOENT') throw noAccess(path, error)",
    replace: 'return path + noAccess(path, error)',
    caughtBy: claim,
  },
  {
    name: 'token-is-read-through-a-link',
    file: 'packages/source-webex/src/sign-in/node-token-files.ts',
    find: '(constants.O_NOFOLLOW ?? 0)',
    replace: '0',
    caughtBy: tokens,
  },
  {
    name: 'certified-place-of-others',
    file: 'packages/testkit/src/certified-place.ts',
    find: '  if (certification.erase !== true) await expectOwnPlace(certification, place, given)\n',
    replace: '',
    caughtBy: place,
  },
]
