import type { Position } from '@cdrstream/plugin'
import type { Connection } from '../connection/connection.ts'
import { lockStatement } from '../schema/lock.ts'
import { literal, quoted } from '../schema/tables.ts'

/**
 * By how many days a home assigned by another journal can differ from this journal's: the feed returns
 * records for 31 days, and a home is at most 62 days before the acceptance.
 */
export const doubtDays = 93

/**
 * Returns this sink's stored position: in the journal with this incarnation if there is one, otherwise in the
 * most recently written journal. Waits for an earlier session's transaction, which may still be committing.
 */
export async function readPosition(
  connection: Connection,
  schema: string,
  sink: string,
  incarnation: string | undefined,
): Promise<Position | null> {
  const [row] = await connection.begin<{ incarnation: string; offset: string; commit: string }>([
    lockStatement(schema),
    `select incarnation, journal_offset::text as offset, journal_commit as commit from ${quoted(schema)}.position
    where sink = ${literal(sink)} order by incarnation = ${literal(incarnation ?? '')} desc, updated_at desc limit 1`,
  ])
  await connection.commit()
  return row === undefined
    ? null
    : { incarnation: row.incarnation, offset: Number(row.offset), commit: row.commit }
}

/**
 * Registers a journal before any of its records is written, so that other writers take it into account. See
 * `isHomeDoubtful`.
 */
export async function registerJournal(
  connection: Connection,
  schema: string,
  sink: string,
  from: Position,
): Promise<void> {
  await connection.query(
    `insert into ${quoted(schema)}.position (sink, incarnation, journal_offset, journal_commit) values ($1, $2, $3, $4)
    on conflict do nothing`,
    [sink, from.incarnation, from.offset, from.commit],
  )
}

export interface JournalStanding {
  /**
   * Whether the batch begins before the stored position, which means that the journal was restored from a
   * copy.
   */
  readonly isRewound: boolean
  /** Whether another journal, or this journal before it was restored, may have assigned different homes. */
  readonly isHomeDoubtful: boolean
}

/** A row that `standingStatement` returns. */
export interface StandingRow {
  readonly sink: string
  readonly incarnation: string
  readonly offset: string
  readonly commit: string
  readonly doubtful: boolean
}

/**
 * Returns a statement that reads the positions of all journals. Run it under the lock, when all earlier
 * journals are registered.
 */
export function standingStatement(schema: string, { incarnation }: Position): string {
  return `select sink, incarnation, journal_offset::text as offset, journal_commit as commit,
      coalesce(rewound_at > now() - interval '${doubtDays} days', false)
        or (incarnation <> ${literal(incarnation)} and updated_at > now() - interval '${doubtDays} days') as doubtful
    from ${quoted(schema)}.position`
}

/**
 * Compares a batch that begins at `from` with the stored positions. If the journal has issued the stored
 * position, an earlier batch is only a replay.
 */
export function readStanding(
  rows: readonly StandingRow[],
  sink: string,
  from: Position,
  owned?: Position,
): JournalStanding {
  const own = rows.find((row) => row.sink === sink && row.incarnation === from.incarnation)
  const offset = Number(own?.offset ?? 0)
  const isReplay =
    own !== undefined &&
    own.incarnation === owned?.incarnation &&
    offset === owned.offset &&
    own.commit === owned.commit
  const isRewound =
    own !== undefined &&
    !isReplay &&
    (from.offset < offset || (from.offset === offset && from.commit !== own.commit))
  return { isRewound, isHomeDoubtful: isRewound || rows.some(({ doubtful }) => doubtful) }
}

export function positionStatement(
  schema: string,
  sink: string,
  { incarnation, offset, commit }: Position,
  isRewound: boolean,
): string {
  return `insert into ${quoted(schema)}.position (sink, incarnation, journal_offset, journal_commit, rewound_at)
    values (${literal(sink)}, ${literal(incarnation)}, ${offset}, ${literal(commit)}, ${isRewound ? 'now()' : 'null'})
    on conflict (sink, incarnation) do update set journal_offset = excluded.journal_offset,
      journal_commit = excluded.journal_commit, updated_at = now(),
      rewound_at = coalesce(excluded.rewound_at, position.rewound_at)`
}
