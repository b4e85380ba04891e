import { tmpdir } from 'node:os'
import { type SinkTraits, toSink } from '@cdrstream/plugin'
import { callCertification } from './call-certification.ts'
import { newPlaceName, preparePlace } from './certified-place.ts'
import { CheckFailure, expectThat } from './check-failure.ts'
import { type DeliverOptions, deliver } from './delivery/deliver.ts'
import type { TrialJournal } from './delivery/trial-journal.ts'
import type { Breakage, ShownRecord, SinkCertification } from './sink-certification.ts'
import { SinkOutput } from './sink-output.ts'
import { type AnyPlugin, TrialSink } from './trial-sink.ts'

const defaultPatienceMs = 30_000

/** One run of a check: its own place, and sinks that write to it. */
export class Trial {
  readonly plugin: AnyPlugin
  readonly certification: SinkCertification
  readonly traits: SinkTraits
  /** The options, as in the configuration. */
  readonly given: object
  /** The options after validation by the plugin. */
  readonly options: unknown
  /** The prefix of all orgs in this trial. */
  readonly org: string
  readonly output: SinkOutput
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
    this.output = new SinkOutput()
  }

  static async begin(plugin: AnyPlugin, certification: SinkCertification): Promise<Trial> {
    const org = newPlaceName()
    const given = await preparePlace(certification, org)
    const options = await validOptions(plugin, given)
    const traits = typeof plugin.traits === 'function' ? plugin.traits(options) : plugin.traits
    return new Trial({ plugin, certification, traits, given, options, org })
  }

  /**
   * Returns a new sink for the same place, as another process would have. Earlier sinks may still be open.
   */
  create(options: unknown = this.options): TrialSink {
    const context = { name: 'certified', baseDirectory: tmpdir(), log: this.output.log }
    const sink = toSink(this.plugin.create(options, context))
    const trialSink = new TrialSink(sink, this.output, this.traits.timeoutMs)
    this.#sinks.push(trialSink)
    return trialSink
  }

  /** Delivers to the given sink, or to a new one, which it closes at the end. */
  async deliver(
    journal: TrialJournal,
    options: Partial<DeliverOptions> & { readonly sink?: TrialSink } = {},
  ): Promise<void> {
    const sink = options.sink ?? this.create()
    await deliver(sink, journal, { traits: this.traits, patienceMs: this.patienceMs, ...options })
    if (options.sink === undefined) await sink.close()
  }

  /** Returns this trial's records as a reader sees them. */
  async shown(): Promise<readonly ShownRecord[]> {
    const { readBack } = this.certification
    if (readBack === undefined) throw new CheckFailure('expected the certification to have `readBack`')
    const shown = await callCertification('readBack', () => readBack(this.given))
    expectThat(Array.isArray(shown), () => 'expected `readBack` to return an array of records')
    return shown.filter(({ org }) => org.startsWith(this.org))
  }

  /** Breaks the destination in one way, does the work, and repairs the destination. */
  async whileBroken(how: keyof Breakage, work: () => Promise<void>): Promise<void> {
    const { breakIt, healIt } = this.certification
    const heal = () => callCertification('healIt', () => healIt?.(this.given))
    await callCertification(`breakIt.${how}`, () => breakIt?.[how]?.(this.given))
    try {
      await work()
    } catch (error) {
      // The reason for the failure matters more than a destination that stays broken.
      await heal().catch(() => {})
      throw error
    }
    await heal()
  }

  get patienceMs(): number {
    return this.certification.patienceMs ?? defaultPatienceMs
  }

  /** Whether a record that was delivered twice must be shown once. */
  get showsOnce(): boolean {
    return this.traits.idempotence !== 'none'
  }

  async end(): Promise<void> {
    for (const sink of this.#sinks) await sink.release()
    await callCertification('cleanUp', () => this.certification.cleanUp?.(this.given))
  }
}

async function validOptions(plugin: AnyPlugin, given: object): Promise<unknown> {
  const result = await plugin.options['~standard'].validate(given)
  if (result.issues === undefined) return result.value
  throw new CheckFailure(
    `expected the certification's options to be valid, but found: ${result.issues.map(({ message }) => message).join('; ')}`,
  )
}
