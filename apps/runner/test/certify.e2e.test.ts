import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { bin, runCommand, startCommand } from './support/start-command.ts'

let directory: string
let sink: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  sink = join(directory, 'my-sink')
  // Provides the packages that `npm install` would install.
  const installed = new URL('../../../examples/custom-sink/node_modules', import.meta.url)
  symlinkSync(fileURLToPath(installed), join(directory, 'node_modules'))
  execFileSync(process.execPath, [bin, 'new-sink', 'my-sink'], { cwd: directory })
})
afterAll(() => rmSync(directory, { recursive: true }))

const certify = (...args: readonly string[]) => runCommand(['certify', ...args], { directory: sink })

/** Returns the names of the checks whose lines begin with this sign. */
function checksWith(sign: string, report: string): readonly (string | undefined)[] {
  return report
    .split('\n')
    .filter((line) => line.startsWith(sign))
    .map((line) => /\[([a-z-]+)\]/.exec(line)?.[1])
}

test('a new sink is certified as it is', async () => {
  const { code, out, err } = await certify('./my-sink.ts')

  expect({ code, err, failed: checksWith('✗', out), notRun: checksWith('–', out) }).toEqual({
    code: 0,
    err: '',
    failed: [],
    notRun: [],
  })
  expect(checksWith('✓', out).length).toBeGreaterThan(20)
})

test('a new network sink is certified as it is', async () => {
  execFileSync(process.execPath, [bin, 'new-sink', 'my-hook', '--network'], { cwd: directory })

  const { code, out, err } = await runCommand(['certify', './my-hook.ts'], {
    directory: join(directory, 'my-hook'),
  })

  expect({ code, err, failed: checksWith('✗', out), notRun: checksWith('–', out) }).toEqual({
    code: 0,
    err: '',
    failed: [],
    notRun: [],
  })
  expect(checksWith('✓', out).length).toBeGreaterThan(20)
}, 120_000)

test('a sink with a fault is not certified, and the check that found the fault is named', async () => {
  const right = readFileSync(join(sink, 'my-sink.ts'), 'utf8')
  const wrong = right.replace('WHERE excluded.rank > calls.rank', '')
  expect(wrong).not.toBe(right)
  writeFileSync(join(sink, 'faulty.ts'), wrong)

  const { code, out } = await certify('./faulty.ts', '--with', './my-sink.certification.ts')

  expect(code).toBe(1)
  expect(checksWith('✗', out)).toContain('lower-rank-loses')
  expect(checksWith('–', out)).toEqual([])
})

test('without a certification, the output lists what could not be checked', async () => {
  const text = readFileSync(join(sink, 'my-sink.ts'), 'utf8')
  writeFileSync(join(sink, 'lonely.ts'), text.replace("name: 'my-sink'", "name: 'lonely'"))

  const bare = await certify('./lonely.ts')
  const options = JSON.stringify({ path: join(sink, 'lonely.db') })
  const given = await certify('./lonely.ts', '--erase', '--options', options)

  expect({ code: bare.code, out: bare.out }).toEqual({ code: 2, out: '' })
  expect(bare.err).toMatch(/^\.\/lonely\.ts: options\.path: .*\[sink-bad-options\].*\n$/)
  expect(given.code).toBe(1)
  expect(checksWith('✗', given.out)).toEqual([])
  expect(checksWith('✓', given.out)).toContain('unknown-option-fails')
  expect(checksWith('–', given.out)).toContain('same-batch-twice')
})

describe('a destination that the certification did not create', () => {
  /** Creates a database with a record that a collector has written, and returns its content. */
  function liveDatabase(): { readonly path: string; readonly snapshot: () => unknown } {
    const directory = mkdtempSync(join(tmpdir(), 'cdrstream-live-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const path = join(directory, 'live.db')
    const database = new DatabaseSync(path)
    database.exec(`
      CREATE TABLE calls (org TEXT, key TEXT, rank INTEGER, home TEXT, record TEXT);
      INSERT INTO calls VALUES ('acme', 'report-1', 1, '2026-01-01', '{}')`)
    database.close()
    const snapshot = () => readdirSync(directory).map((name) => [name, readFileSync(join(directory, name))])
    return { path, snapshot }
  }

  test('is refused without --erase, and stays as it was', async () => {
    const { path, snapshot } = liveDatabase()
    const before = snapshot()
    for (const more of [[], ['--only', 'unknown-option-fails'], ['--with', './my-sink.certification.ts']]) {
      expect(await certify('./my-sink.ts', '--options', JSON.stringify({ path }), ...more)).toMatchObject({
        code: 2,
        out: '',
        err: expect.stringMatching(/^[^\n]*\[certify-place\]\n$/),
      })
    }
    expect(snapshot()).toEqual(before)
  })

  test('is refused if a certification names it or does not create a different one', async () => {
    const { path, snapshot } = liveDatabase()
    const before = snapshot()
    const text = readFileSync(join(sink, 'my-sink.certification.ts'), 'utf8')
    const withOptions = (options: string) => text.replace(/ {2}options: .*/, `  options: ${options},`)
    writeFileSync(join(sink, 'value.ts'), withOptions(`{ path: ${JSON.stringify(path)} }`))
    writeFileSync(join(sink, 'constant.ts'), withOptions(`() => ({ path: ${JSON.stringify(path)} })`))

    const value = await certify('./my-sink.ts', '--with', './value.ts')
    const constant = await certify('./my-sink.ts', '--with', './constant.ts')

    expect(value).toMatchObject({ code: 2, out: '', err: expect.stringContaining('[certify-place]') })
    expect({ code: constant.code, passed: checksWith('✓', constant.out) }).toEqual({ code: 1, passed: [] })
    expect(snapshot()).toEqual(before)
  })

  test('is used with --erase, and removed after the checks', async () => {
    const { path } = liveDatabase()
    const options = JSON.stringify({ path })
    const { code, out } = await certify(
      './my-sink.ts',
      '--erase',
      ...['--options', options, '--only', 'create-does-no-io', '--only', 'unknown-option-fails'],
    )

    expect({ code, passed: checksWith('✓', out) }).toEqual({
      code: 0,
      passed: ['create-does-no-io', 'unknown-option-fails'],
    })
    expect(existsSync(path)).toBe(false)
  })

  test.each(['file', 'postgres', 'elasticsearch'])('is refused for the built-in sink %s', async (name) => {
    const directory = mkdtempSync(join(tmpdir(), 'cdrstream-live-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const options = {
      file: { directory },
      postgres: { url: 'postgres://cdr:pw@127.0.0.1:9/cdr' },
      elasticsearch: { nodes: ['http://127.0.0.1:9'] },
    }[name]

    expect(await certify(name, '--options', JSON.stringify(options))).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringContaining('[certify-place]'),
    })
    expect(readdirSync(directory)).toEqual([])
  })
})

describe('options', () => {
  const canary = 'canary-of-a-password'

  test('come from a file or from standard input', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const file = join(directory, 'options.json')
    writeFileSync(file, JSON.stringify({ path: join(directory, 'store.db') }, undefined, 2))
    const more = ['--erase', '--only', 'opens-again']

    expect(await certify('./my-sink.ts', '--options-file', file, ...more)).toMatchObject({ code: 0, err: '' })

    const child = startCommand(['certify', './my-sink.ts', '--options-file', '-', ...more], {
      directory: sink,
      input: readFileSync(file, 'utf8'),
    })
    expect(await child.ended).toMatchObject({ code: 0, err: '' })
  })

  test.each([
    ['--options', `{"password":"${canary}"`],
    ['--options', `["${canary}"]`],
    ['--options-file', './no-such-file.json'],
    ['--options-file', './options-cut.json'],
    ['--options', '{}', '--options-file', './options-cut.json'],
  ])('that cannot be read are reported in one line without their content: %s', async (...args) => {
    writeFileSync(join(sink, 'options-cut.json'), `{"password":"${canary}"`)

    const { code, out, err } = await certify('./my-sink.ts', '--erase', ...args)

    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(/^[^\n]*\[certify-options\]\n$/)
    expect(err).not.toContain(canary)
  })
})

test('a certification that never returns fails the check, and the other checks run', async () => {
  const text = readFileSync(join(sink, 'my-sink.certification.ts'), 'utf8')
  const never = text.replace('async readBack({ path }) {', '$& await new Promise(() => {})')
  expect(never).not.toBe(text)
  writeFileSync(join(sink, 'never.ts'), never)

  const only = ['--only', 'opens-again', '--only', 'unknown-option-fails']
  const { code, out } = await certify('./my-sink.ts', '--with', './never.ts', ...only)

  expect({ code, failed: checksWith('✗', out).length }).toEqual({ code: 1, failed: 2 })
})

test('--only accepts a check of the sink, and certifies nothing', async () => {
  const { code, out } = await certify('./my-sink.ts', '--only', 'opens-again')
  expect({ code, passed: checksWith('✓', out) }).toEqual({ code: 0, passed: ['opens-again'] })
  expect(out).not.toMatch(/: certified$/m)

  expect(await certify('./my-sink.ts', '--only', 'opens-agian')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/opens-again[^\n]*\[check-not-found\]\n$/),
  })
})

test('a missing plugin or certification is bad usage', async () => {
  expect(await certify('./nothing.ts')).toMatchObject({
    code: 2,
    out: '',
    err: expect.stringMatching(/^\.\/nothing\.ts: .*\[sink-not-found\]\n$/),
  })
  expect(await certify('./my-sink.ts', '--with', './nothing.ts')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^\.\/nothing\.ts: .*\[certification-not-found\]\n$/),
  })
  expect(await certify('./my-sink.ts', '--with', './package.json')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^package\.json: .*\[certification-wrong-export\]\n$/),
  })
})

test('new-sink refuses a directory that is not empty and an invalid name', async () => {
  const before = readdirSync(sink)

  expect(await runCommand(['new-sink', 'my-sink'], { directory })).toMatchObject({ code: 2, out: '' })
  expect(await runCommand(['new-sink', '../other'], { directory })).toMatchObject({ code: 2, out: '' })
  expect(readdirSync(sink)).toEqual(before)
})

test('the command `schema postgres` prints SQL', async () => {
  const { code, out, err } = await runCommand(['schema', 'postgres', '--schema', 'calls'], { directory })

  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('"calls"')
  expect(out).not.toContain('"cdr"')
})
