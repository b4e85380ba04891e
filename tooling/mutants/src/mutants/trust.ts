import type { Mutant } from '../mutant.ts'

const trust = 'packages/core/src/file-trust.test.ts'
const claim = 'packages/journal-sqlite/src/open/claim-files.test.ts'
const tokens = 'packages/source-webex/src/sign-in/token-file.test.ts'
const place = 'packages/testkit/src/certified-place.test.ts'

/**
 * Files that other users may have written are not trusted, and files that other users own are not destroyed.
 */
export const trustMutants: readonly Mutant[] = [
  {
    name: 'file-owned-by-root-trusted',
    file: 'packages/core/src/file-trust.ts',
    find: '  if (file.uid !== uid) {',
    replace: '  if (file.uid !== uid && file.uid !== 0) {',
    caughtBy: trust,
  },
  {
    name: 'files-beside-the-journal-not-checked',
    file: 'packages/journal-sqlite/src/open/claim-files.ts',
    find: "const companions = ['', '-wal', '-shm', '-journal']",
    replace: "const companions = ['']",
    caughtBy: claim,
  },
  {
    name: 'dangling-link-treated-as-missing',
    file: 'packages/journal-sqlite/src/open/claim-files.ts',
    find: "if (systemCode(error) !== 'ENOENT') throw noAccess(path, error)",
    replace: 'return path + noAccess(path, error)',
    caughtBy: claim,
  },
  {
    name: 'token-read-through-a-link',
    file: 'packages/source-webex/src/sign-in/node-token-files.ts',
    find: '(constants.O_NOFOLLOW ?? 0)',
    replace: '0',
    caughtBy: tokens,
  },
  {
    name: 'place-of-others-certified',
    file: 'packages/testkit/src/certified-place.ts',
    find: '  if (certification.erase !== true) await expectOwnPlace(certification, place, given)\n',
    replace: '',
    caughtBy: place,
  },
]
