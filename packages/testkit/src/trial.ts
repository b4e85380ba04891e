import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { type SinkTraits, toSink } from '@cdrstream/plugin'
import { CheckFailure, expectThat } from './check-failure.ts'
import { type DeliverOptions, deliver } from './delivery/deliver.ts'
import type { TrialJournal } from './delivery/trial-journal.ts'
import type { ShownRecord, SinkCertification } from './sink-certification.ts'
import { Told } from './told.ts'
import { type AnyPlugin, TrialSink } from './trial-sink.ts'

const defaultPatienceMs = 30_000

/** What a check works with: a place of its own, and sinks that write there. */
export class Trial {
  readonly plugin: AnyPlugin
  readonly certification: SinkCertification
  readonly traits: SinkTraits
  /** As they stand in the configuration. */
  readonly given: object
  /** What the plugin made of them. */
  readonly options: unknown
  /** All orgs of this trial begin with it. */
  readonly org: string
  readonly told: Told
  readonly #sinks: TrialSink[] = []

  private constructor(
    parts: Pick<Trial, 'plugin' | 'certification' | 'traits' | 'given' | 'options' | 'org'>,
  ) {
    this.plugin = parts.plugin
    this.certification = parts.certification
    this.traits = parts.traits
    this.given = parts.given
    this.options = parts.options
    this.org = parts.org
    this.told = new Told()
  }

  static async begin(plugin: AnyPlugin, certification: SinkCertification): Promise<Trial> {
    const org = newPlace()
    const given = await givenOptions(certification, org)
    const options = await validOptions(plugin, given)
    const traits = typeof plugin.traits === 'function' ? plugin.traits(options) : plugin.traits
    return new Trial({ plugin, certification, traits, given, options, org })
  }

  /**
   * Returns a new sink of the same place, as in another process. Earlier ones may have been abandoned while
   * they were open.
   */
  create(options: unknown = this.options): TrialSink {
    const context = { name: 'certified', baseDirectory: tmpdir(), log: this.told.log }
    const sink = toSink(this.plugin.create(options, context))
    const trialSink = new TrialSink(sink, this.told, this.traits.timeoutMs)
    this.#sinks.push(trialSink)
    return trialSink
  }

  /** Delivers to a sink. Default: a new one, which it closes at the end. */
  async deliver(
    journal: TrialJournal,
    options: Partial<DeliverOptions> & { readonly sink?: TrialSink } = {},
  ): Promise<void> {
    const sink = options.sink ?? this.create()
    await deliver(sink, journal, { traits: this.traits, patienceMs: this.patienceMs, ...options })
    if (options.sink === undefined) await sink.close()
  }

  /** What a reader is shown of this trial. */
  async shown(): Promise<readonly ShownRecord[]> {
    const { readBack } = this.certification
    if (readBack === undefined) throw new CheckFailure('expected the certification to have readBack')
    const shown = await this.certification.readBack?.(this.given)
    expectThat(Array.isArray(shown), () => 'expected readBack to return an array of records')
    return shown.filter(({ org }) => org.startsWith(this.org))
  }

  get patienceMs(): number {
    return this.certification.patienceMs ?? defaultPatienceMs
  }

  /** Whether a record that came twice is shown once. */
  get showsOnce(): boolean {
    return this.traits.idempotence !== 'none'
  }

  async end(): Promise<void> {
    for (const sink of this.#sinks) await sink.release()
    await this.certification.cleanUp?.(this.given)
  }
}

async function givenOptions({ options }: SinkCertification, place: string): Promise<object> {
  const given: unknown = typeof options === 'function' ? await options(place) : options
  if (typeof given === 'object' && given !== null) return given
  throw new CheckFailure(`expected the certification's options to be an object, and found ${typeof given}`)
}

async function validOptions(plugin: AnyPlugin, given: object): Promise<unknown> {
  const result = await plugin.options['~standard'].validate(given)
  if (result.issues === undefined) return result.value
  throw new CheckFailure(
    `expected the certification's options to be valid, and found: ${result.issues.map(({ message }) => message).join('; ')}`,
  )
}

function newPlace(): string {
  return `certify_${randomBytes(6).toString('hex')}`
}
