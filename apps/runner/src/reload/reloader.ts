import type { Engine } from '@cdrstream/engine'
import type { SqliteJournal } from '@cdrstream/journal-sqlite'
import type { Logger } from '@cdrstream/plugin'
import type { CollectConfiguration } from '../configuration/configuration.ts'
import type { Loaded } from '../configuration/load-configuration.ts'
import { secretsOf } from '../configuration/words-of.ts'
import type { LiveWords } from '../log/live-words.ts'
import { renameOrgs } from '../rename-orgs.ts'
import { waitForRenewals } from '../sign-in/wait-for-renewals.ts'
import type { CollectorSetups } from './collector-setups.ts'
import {
  type ConfigurationDifference,
  configurationDifference,
  isUnchanged,
} from './configuration-difference.ts'
import type { CurrentConfiguration } from './current-configuration.ts'
import type { ReloadResult } from './reload-result.ts'

export interface ReloaderMeans {
  /** Reads and checks the configuration file. */
  readonly load: () => Promise<Loaded<CollectConfiguration>>
  readonly configuration: CurrentConfiguration
  readonly setups: CollectorSetups
  readonly engine: Pick<Engine, 'apply'>
  readonly journal: Pick<SqliteJournal, 'setLimits' | 'orgs' | 'renameOrg'>
  readonly words: LiveWords
  readonly log: Logger
  /** Aborted when the collector is asked to stop. */
  readonly stopping: AbortSignal
  /** Called with the previous configuration once a changed one is in use. */
  readonly replaced: (before: CollectConfiguration, difference: ConfigurationDifference) => void
  /** Called once all removed orgs and sinks have stopped and all others are running. */
  readonly applied: () => void
}

/** Applies the configuration file to the running collector. */
export class Reloader {
  readonly #means: ReloaderMeans
  #running: Promise<ReloadResult> | undefined
  #next: Promise<ReloadResult> | undefined

  constructor(means: ReloaderMeans) {
    this.#means = means
  }

  /**
   * Reads the configuration file and applies it. Calls during a reload share the next reload, so the file is
   * always read after the call.
   */
  reload(): Promise<ReloadResult> {
    if (this.#running === undefined) return this.#start()
    this.#next ??= this.#running.then(() => {
      this.#next = undefined
      return this.#start()
    })
    return this.#next
  }

  #start(): Promise<ReloadResult> {
    const running = this.#reload().finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }

  async #reload(): Promise<ReloadResult> {
    const { log, stopping } = this.#means
    if (stopping.aborted) return { kind: 'stopping' }
    try {
      return await this.#reloadOnce()
    } catch (error) {
      // A failed reload must not stop the collector.
      log.error('the configuration could not be reloaded', { code: 'reload-failed', error })
      return { kind: 'refused', lines: ['the configuration could not be reloaded; the log says why'] }
    }
  }

  async #reloadOnce(): Promise<ReloadResult> {
    const { load, configuration, log, words } = this.#means
    const loaded = await load()
    if (loaded.kind === 'problems') {
      log.error('new configuration refused; the old one stays in use', {
        code: 'reload-refused',
        problems: loaded.lines,
      })
      return { kind: 'refused', lines: loaded.lines }
    }
    const before = configuration.current
    const difference = configurationDifference(before, loaded.configuration)
    words.add(secretsOf(loaded.configuration))
    if (!isUnchanged(difference) && !(await this.#apply(loaded.configuration, difference)))
      return { kind: 'stopping' }
    const { settings, needRestart } = difference
    log.info('configuration reloaded', { settings })
    if (needRestart.length > 0) {
      log.warn('some changes of the configuration need a restart', { code: 'restart-needed', needRestart })
    }
    return { kind: 'reloaded', difference }
  }

  /** Returns false if the collector was stopped before the change was complete. */
  async #apply(wanted: CollectConfiguration, difference: ConfigurationDifference): Promise<boolean> {
    const { configuration, setups, engine, journal, log, stopping, replaced } = this.#means
    const before = configuration.current
    const next = withFixedSettings(wanted, before)
    const { orgs, sinks, retired } = setups.replace(next, difference)
    configuration.replace(next)
    journal.setLimits(next.journal)
    log.info('applying the new configuration', { orgs: difference.orgs, sinks: difference.sinks })
    replaced(before, difference)
    const end = await engine.apply({
      orgs,
      sinks,
      beforeStart: async () => {
        // A new sign-in reads the token that the old sign-in stores when it finishes renewing.
        await waitForRenewals(retired, stopping)
        if (difference.orgs.added.length > 0) await renameOrgs(next.orgs, journal, log)
      },
    })
    if (end === 'applied') this.#means.applied()
    return end === 'applied'
  }
}

/** Returns the new configuration, but with the old values of settings that need a restart. */
function withFixedSettings(
  { http: _, ...wanted }: CollectConfiguration,
  { terms, journal, http, certificate }: CollectConfiguration,
): CollectConfiguration {
  const fixed = { terms, certificate, ...(http && { http }) }
  return { ...wanted, ...fixed, journal: { ...wanted.journal, path: journal.path } }
}
