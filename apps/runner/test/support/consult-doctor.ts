import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Budget } from '@cdrstream/core/budget'
import { openJournal } from '@cdrstream/journal-sqlite'
import { createSimulator, type SimulatorOptions, serveSimulator } from '@cdrstream/simulator'
import { expect, onTestFinished } from 'vitest'
import { type DoctorOptions, doctor } from '../../src/commands/doctor.ts'
import { type CheckName, orgCheckNames } from '../../src/doctor/check.ts'
import type { Diagnosis } from '../../src/doctor/diagnosis.ts'
import type { ExitCode } from '../../src/exit-code.ts'
import type { Terminal } from '../../src/terminal.ts'

/** Secrets that must never be printed. */
const secrets = /canary|SIM[ARC]_/

const signingIn = { clientId: 'client', clientSecret: 'canary-client', refreshToken: 'canary-refresh' }

/** The `auth` of an org in the configuration. */
export const auths = {
  fixed: '{ accessToken: canary-token }',
  renewing: `{ clientId: client, clientSecret: canary-client, refreshToken: canary-refresh }`,
} as const

export interface World {
  readonly directory: string
  readonly baseUrl: string
  readonly tokenUrl: string
  readonly simulator: ReturnType<typeof createSimulator>
  readonly journalPath: string
  /** Writes a configuration that is valid apart from the given parts. */
  configure(parts?: ConfigurationParts): void
  consult(
    options?: Partial<DoctorOptions> & { readonly variables?: Readonly<Record<string, string>> },
  ): Promise<Consultation>
}

interface ConfigurationParts {
  readonly orgs?: string
  readonly journal?: string
  readonly sinks?: string
  readonly webex?: string
}

interface Consultation {
  readonly exitCode: ExitCode
  readonly diagnosis: Diagnosis
  /** Returns the `level code` of a check for the first org or sink. */
  found(check: CheckName, name?: string): string | undefined
  /** Returns the `level code` of all results of a check. */
  all(check: CheckName): readonly string[]
  /** Returns the `level code` of all checks of an org. */
  ofOrg(name?: string): Readonly<Record<string, string | undefined>>
}

/**
 * Starts a simulated Webex, with a directory that has a configuration for it. With `renewing`, the org `acme`
 * signs in; otherwise it has a token.
 */
export async function world(
  options: Partial<SimulatorOptions> & { readonly renewing?: boolean } = {},
): Promise<World> {
  const { renewing = false, ...rest } = options
  const simulator = createSimulator({
    seed: 1,
    clock: { nowMs: Date.now },
    orgs: [
      renewing
        ? { name: 'acme', signIn: signingIn, recordsPerMinute: 0 }
        : { name: 'acme', token: 'canary-token', recordsPerMinute: 0 },
    ],
    ...rest,
  })
  const server = await serveSimulator(simulator)
  const directory = mkdtempSync(join(tmpdir(), 'cdrstream-doctor-'))
  onTestFinished(async () => {
    await server.close()
    rmSync(directory, { recursive: true })
  })
  const config = join(directory, 'cdrstream.yaml')
  const { baseUrl, tokenUrl } = server
  const configure = (parts: ConfigurationParts = {}) => {
    const acme = `  - { name: acme, auth: ${renewing ? auths.renewing : auths.fixed} }`
    const lines = [
      `orgs:\n${parts.orgs ?? acme}`,
      `journal: ${parts.journal ?? '{ path: ./data/cdrstream.db, minFreeDisk: 1MB }'}`,
      `sinks: ${parts.sinks ?? '[{ name: files, use: file, options: { directory: ./records, rotateBytes: 1MB } }]'}`,
      `webex: ${parts.webex ?? `{ baseUrl: "${baseUrl}", tokenUrl: "${tokenUrl}" }`}`,
    ]
    writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 })
  }
  configure()
  return {
    directory,
    baseUrl,
    tokenUrl,
    simulator,
    configure,
    journalPath: join(directory, 'data/cdrstream.db'),
    consult: async ({ variables = {}, ...doctorOptions } = {}) => {
      const spoken = await speak({ config, json: true, wait: false, ...doctorOptions }, variables)
      const diagnosis: Diagnosis = JSON.parse(spoken.out)
      expectRemedies(diagnosis)
      const found: Consultation['found'] = (check, name) => {
        const one = diagnosis.checks.find((each) => each.check === check && (name ?? each.name) === each.name)
        return one && `${one.level} ${one.code}`
      }
      const ofOrg = (name?: string) =>
        Object.fromEntries(orgCheckNames.map((check) => [check, found(check, name)]))
      const all: Consultation['all'] = (check) =>
        diagnosis.checks.filter((each) => each.check === check).map(({ level, code }) => `${level} ${code}`)
      return { exitCode: spoken.exitCode, diagnosis, found, all, ofOrg }
    },
  }
}

/** Expects every problem to explain what to do, in its remedy or, for a sink, in its message. */
function expectRemedies({ checks }: Diagnosis): void {
  const problems = checks.filter(({ level, check }) => level === 'problem' && check !== 'sink')
  expect(problems.filter(({ remedy }) => remedy === null)).toEqual([])
}

/** Holds the journal as a running collector does. */
export function openAsCollector({ journalPath: path }: Pick<World, 'journalPath'>) {
  return openJournal({ path, access: 'collector', minFreeDiskBytes: 1 })
}

export async function changeBudget(
  place: Pick<World, 'journalPath'>,
  change: (budget: Budget) => Budget | undefined,
): Promise<void> {
  const journal = await openAsCollector(place)
  await journal.changeBudget('acme', change)
  await journal.close()
}

async function speak(options: DoctorOptions, variables: Readonly<Record<string, string>>) {
  let out = ''
  let err = ''
  const nothing = { [Symbol.dispose]: () => {} }
  const terminal: Terminal = {
    variable: (name) => variables[name],
    print: (text) => {
      out += text
    },
    erase: () => {},
    say: (line) => {
      err += `${line}\n`
    },
    lines: async function* () {},
    input: async () => Buffer.alloc(0),
    outIsTerminal: false,
    errorIsTerminal: false,
    onStop: () => nothing,
    onHangup: () => nothing,
    printProblem: async () => undefined,
    onCrash: () => nothing,
    exit: () => {},
  }
  const exitCode = await doctor(options, terminal)
  expect(out + err).not.toMatch(secrets)
  return { exitCode, out, err }
}
