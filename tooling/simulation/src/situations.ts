/**
 * Situations that a run's seeds must bring about at least once. A situation that never occurs is not tested,
 * so a run of many seeds fails if one is missing.
 */
const situations = [
  'process-killed',
  'process-stopped',
  'records-shown-by-page',
  'sink-retried',
  'sink-asked-to-reopen',
  'sink-refused',
  'sink-rejected',
  'sink-threw-on-record',
  'sink-failed',
  'sink-threw',
  'sink-hung',
  'sink-lost-its-answer',
  'sink-wrote-half',
  'sink-asked-for-some-again',
  'sink-down',
  'sink-emptied',
  'sink-month-emptied',
  'sink-rolled-back',
  'sink-filled-again',
  'sink-added',
  'sink-removed',
  'sink-renamed',
  'sink-from-now',
  'sink-waited-for-more',
  'quarantined',
  'revision-superseded',
  'mark-checked',
  'mark-failed',
  'mark-with-refused',
  'mark-with-lost',
  'mark-with-uncollected',
  'journal-failed',
  'journal-reopened',
  'journal-crash-image',
  'journal-restored',
  'journal-replaced',
  'journal-full',
  'journal-pruned',
  'sink-gap-recorded',
  'key-forgotten',
  'org-added',
  'org-removed',
  'org-renamed',
  'clock-set-back',
  'clock-set-forward',
  'clock-drifts',
  'machine-booted',
  'two-homes',
  'gap-recorded',
  'window-doubtful',
  'down-for-most-of-the-retention',
  'down-for-longer-than-the-retention',
  'ran-once',
  'many-orgs',
  'shared-credential',
  'late-record-audited',
  'limited',
  'request-refused-400',
  'request-refused-401',
  'request-refused-403',
  'request-refused-451',
  'token-renewed',
  'bounds-in-milliseconds',
  'aged-link-answered',
  'resume-time-missing',
  'resume-time-at-window-end',
  'empty-page-with-link',
  'terms-tighter-than-configured',
  'second-unserved',
  'chain-endless',
  'start-time-revised',
] as const

export type Situation = (typeof situations)[number]

/** Counts how often each situation occurred. */
export class SituationBook {
  readonly #counts = new Map<Situation, number>()

  happened(situation: Situation): void {
    this.#counts.set(situation, this.count(situation) + 1)
  }

  count(situation: Situation): number {
    return this.#counts.get(situation) ?? 0
  }

  /** Returns the situations that never occurred. */
  missing(): readonly Situation[] {
    return situations.filter((situation) => this.count(situation) === 0)
  }
}
