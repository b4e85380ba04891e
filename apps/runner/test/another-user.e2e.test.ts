import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { runCommand, startCommand } from './support/start-command.ts'

const nobody = 65_534
const oneLine = /^[^\n]+\n$/

let directory: string
let data: string
let journal: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-user-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  chmodSync(directory, 0o755)
  data = join(directory, 'data')
  journal = join(data, 'cdrstream.db')
  mkdirSync(data, { mode: 0o700 })
  mkdirSync(join(directory, 'records'))
  chmodSync(join(directory, 'records'), 0o1777)
  writeConfiguration('accessToken: token')
})

function writeConfiguration(auth: string): void {
  writeFileSync(
    join(directory, 'cdrstream.yaml'),
    `orgs: [{ name: acme, auth: { ${auth} } }]
journal: { path: ./data/cdrstream.db }
sinks: [{ name: files, use: file, options: { directory: ./records } }]
webex: { baseUrl: "http://127.0.0.1:9/v1" }
`,
    { mode: 0o600 },
  )
}

const run = (args: readonly string[], user?: number) =>
  runCommand(args, { directory, ...(user !== undefined && { user }) })

/** Creates the journal as this process's user. */
async function collectOnce(): Promise<void> {
  await run(['doctor', '--no-wait'])
  expect(statSync(journal).mode & 0o777).toBe(0o600)
}

// Only root can become another user.
if (process.getuid?.() === 0) {
  describe('as another user', () => {
    test.each([['status'], ['run', '--once'], ['login']])(
      '%s without access to the configuration prints one line with the file and the user',
      async (...args) => {
        const { code, out, err } = await run(args, nobody)
        expect({ code, out }).toEqual({ code: 2, out: '' })
        expect(err).toMatch(oneLine)
        expect(err).toContain('cdrstream.yaml')
        expect(err).toContain(`uid ${nobody}`)
      },
    )

    describe('with access to the configuration', () => {
      beforeEach(() => chmodSync(join(directory, 'cdrstream.yaml'), 0o644))

      test('status names a journal in a directory that the user cannot access', async () => {
        await collectOnce()
        const { code, out, err } = await run(['status'], nobody)
        expect({ code, out }).toEqual({ code: 2, out: '' })
        expect(err).toMatch(oneLine)
        expect(err).toContain(journal)
        expect(err).toContain(`uid ${nobody}`)
      })

      test.each([['status'], ['status', '--json']])("%s names the journal's owner", async (...args) => {
        await collectOnce()
        chmodSync(data, 0o755)
        const { code, out, err } = await run(args, nobody)
        expect({ code, out }).toEqual({ code: 2, out: '' })
        expect(err).toMatch(oneLine)
        expect(err).toMatch(/cdrstream\.db.*uid 0\b/)
      })

      test('run names the directory that it cannot write to, and creates nothing', async () => {
        const { code, out, err } = await run(['run', '--once'], nobody)
        expect({ code, out }).toEqual({ code: 2, out: '' })
        expect(err).toMatch(oneLine)
        expect(err).toContain(data)
        expect(err).not.toContain('is not a directory')
      })

      test('run does not mistake an inaccessible sink directory for something else', async () => {
        mkdirSync(join(data, 'records'))
        const file = join(directory, 'cdrstream.yaml')
        const text = readFileSync(file, 'utf8').replace('./records', './data/records')
        writeFileSync(file, text.replace('./data/cdrstream.db', './records/cdrstream.db'))
        const { code, out, err } = await run(['run', '--once'], nobody)
        expect({ code, out }).toEqual({ code: 2, out: '' })
        expect(err).toMatch(oneLine)
        expect(err).toContain(join(data, 'records'))
        expect(err).not.toContain('is not a directory')
      })

      test.each([
        ['1', 'demo'],
        ['2', 'new-sink', 'mine'],
      ])('with exit code %s, %s names the directory that it cannot write to', async (expected, ...args) => {
        const { code, out, err } = await run(args, nobody)
        expect({ code, out }).toEqual({ code: Number(expected), out: '' })
        expect(err).toMatch(oneLine)
        expect(err).toContain(directory)
        expect(err).toContain(`uid ${nobody}`)
      })

      test('doctor reports the missing access as a problem', async () => {
        const { code, out, err } = await run(['doctor', '--json'], nobody)
        expect({ code, err }).toEqual({ code: 2, err: '' })
        const { checks } = JSON.parse(out)
        expect(checks).toContainEqual(expect.objectContaining({ check: 'configuration', level: 'problem' }))
      })
    })

    test('a journal that was prepared for the collector is refused and stays empty', async () => {
      writeFileSync(journal, '')
      chownSync(journal, nobody, nobody)
      chmodSync(journal, 0o666)
      const { code, err } = await run(['run', '--once'])
      expect(code).toBe(2)
      expect(err).toContain(`uid ${nobody}`)
      expect(statSync(journal).size).toBe(0)
    })

    test('a token that replaced the stored token is not used', async () => {
      writeConfiguration('clientId: id, clientSecret: secret')
      await run(['doctor', '--no-wait'])
      const token = join(data, 'sign-in', 'acme.json')
      mkdirSync(join(data, 'sign-in'), { mode: 0o700 })
      const stored = {
        cdrstreamSignIn: 1,
        configuredSha256: null,
        refreshToken: 'of-another',
        renewedAtMs: Date.now(),
      }
      writeFileSync(token, JSON.stringify(stored), { mode: 0o600 })
      const before = await run(['status', '--json'])
      expect(JSON.parse(before.out).orgs[0].signIn.state).toBe('signed-in')
      chownSync(token, nobody, nobody)
      const after = await run(['status', '--json'])
      expect(JSON.parse(after.out).orgs[0].signIn.state).toBe('unreadable')
      const { out } = await run(['doctor', '--json', '--no-wait'])
      expect(JSON.parse(out).checks).toContainEqual(
        expect.objectContaining({ check: 'files', level: 'problem', code: 'token-file-untrusted' }),
      )
    })
  })
}

test('a journal that was copied with mode 0644 is made private, which doctor reports once', async () => {
  await collectOnce()
  chmodSync(journal, 0o644)
  const found = async () => {
    const { out } = await run(['doctor', '--json', '--no-wait'])
    return JSON.parse(out).checks.filter(({ code }: { code: string }) => code === 'made-private').length
  }
  expect(await found()).toBe(1)
  expect(statSync(journal).mode & 0o777).toBe(0o600)
  expect(await found()).toBe(0)
})

test('a configuration that every user can write works, and the log and doctor warn about it', async () => {
  chmodSync(join(directory, 'cdrstream.yaml'), 0o666)
  const { out } = await run(['doctor', '--json', '--no-wait'])
  expect(JSON.parse(out).checks).toContainEqual(
    expect.objectContaining({ check: 'files', level: 'warning', code: 'writable-by-others' }),
  )
  const collector = startCommand(['run'], { directory })
  await expect.poll(collector.err).toContain('"code":"writable-by-others"')
  await expect.poll(collector.err).toContain('"msg":"started"')
})
