import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bin, runCommand } from './start-command.ts'

let directory: string
let sink: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-e2e-'))
  sink = join(directory, 'my-sink')
  // What `npm install` would bring.
  symlinkSync(fileURLToPath(new URL('../../node_modules', import.meta.url)), join(directory, 'node_modules'))
  execFileSync(process.execPath, [bin, 'new-sink', 'my-sink'], { cwd: directory })
})
afterAll(() => rmSync(directory, { recursive: true }))

const certify = (...args: readonly string[]) => runCommand(['certify', ...args], { directory: sink })

/** The names of the checks that begin with this sign. */
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

test('a sink with a fault is not, and the check that found it is named', async () => {
  const right = readFileSync(join(sink, 'my-sink.ts'), 'utf8')
  const wrong = right.replace('WHERE excluded.rank > calls.rank', '')
  expect(wrong).not.toBe(right)
  writeFileSync(join(sink, 'faulty.ts'), wrong)

  const { code, out } = await certify('./faulty.ts', '--with', './my-sink.certification.ts')

  expect(code).toBe(1)
  expect(checksWith('✗', out)).toContain('lower-rank-loses')
  expect(checksWith('–', out)).toEqual([])
})

test('without a certification it is told what could not be checked', async () => {
  const text = readFileSync(join(sink, 'my-sink.ts'), 'utf8')
  writeFileSync(join(sink, 'lonely.ts'), text.replace("name: 'my-sink'", "name: 'lonely'"))

  const bare = await certify('./lonely.ts')
  const given = await certify('./lonely.ts', '--options', JSON.stringify({ path: join(sink, 'lonely.db') }))

  expect({ code: bare.code, out: bare.out }).toEqual({ code: 2, out: '' })
  expect(bare.err).toMatch(/^\.\/lonely\.ts: options\.path: .*\[sink-bad-options\].*\n$/)
  expect(given.code).toBe(1)
  expect(checksWith('✗', given.out)).toEqual([])
  expect(checksWith('✓', given.out)).toContain('unknown-option-fails')
  expect(checksWith('–', given.out)).toContain('same-batch-twice')
})

test('a plugin or a certification that is not there is bad usage', async () => {
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

test('new-sink takes no directory that has something in it, and no odd name', async () => {
  const before = readdirSync(sink)

  expect(await runCommand(['new-sink', 'my-sink'], { directory })).toMatchObject({ code: 2, out: '' })
  expect(await runCommand(['new-sink', '../other'], { directory })).toMatchObject({ code: 2, out: '' })
  expect(readdirSync(sink)).toEqual(before)
})

test('schema postgres prints SQL', async () => {
  const { code, out, err } = await runCommand(['schema', 'postgres', '--schema', 'calls'], { directory })

  expect({ code, err }).toEqual({ code: 0, err: '' })
  expect(out).toContain('"calls"')
  expect(out).not.toContain('"cdr"')
})
