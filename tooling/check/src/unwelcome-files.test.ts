import { expect, test } from 'vitest'
import { unwelcomeFiles } from './unwelcome-files.ts'

const good = ['LICENSE', 'README.md', 'package.json', 'dist/index.js', 'dist/index.d.ts', 'src/index.ts']

test('a package may contain its build, source, documentation and a schema', () => {
  expect(
    unwelcomeFiles([
      ...good,
      'bin/cdrstream.js',
      'cdrstream.schema.json',
      'dist/index.js.map',
      'templates/a/sink.test.ts.template',
    ]),
  ).toEqual([])
})

test.for([
  'src/key.test.ts',
  'src/run.e2e.test.ts',
  'src/file-sink.certification.ts',
  'src/testing/memory-journal.ts',
  'src/e2e/start-command.ts',
  'dist/testing/memory-journal.js',
  'test-support/reader.ts',
  'test/run.e2e.test.ts',
  'test/support/memory-journal.ts',
  'dist/test/support/memory-journal.js',
  'tsconfig.build.json',
  '.turbo/turbo-build.log',
])('%s must not be published', (path) => {
  expect(unwelcomeFiles([...good, path])).toEqual([`contains ${path}`])
})

test.for(good)('a package without %s is incomplete', (path) => {
  expect(unwelcomeFiles(good.filter((kept) => kept !== path))).toEqual([`lacks ${path}`])
})
