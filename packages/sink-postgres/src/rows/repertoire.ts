import { DatabaseError } from 'pg'
import type { Connection } from '../connection/connection.ts'

/**
 * Returns whether a database can store all characters of a string, which must be well-formed and without NUL.
 */
export type Repertoire = (text: string) => boolean

export const allCharacters: Repertoire = () => true

/** Encodings in which the server stores UTF-8 unchanged. */
const withoutConversion = ['UTF8', 'SQL_ASCII']
const untranslatable = '22P05'

/**
 * Queries the server for the characters in its encoding. For multi-byte encodings, the result contains only
 * ASCII.
 */
export async function readRepertoire(connection: Connection): Promise<Repertoire> {
  const [server] = await connection.query<{ encoding: string }>(
    `select current_setting('server_encoding') as encoding`,
  )
  if (withoutConversion.includes(server?.encoding ?? '')) return allCharacters
  const characters = new Set(await charactersOf(connection, 128, 255))
  return (text) => {
    for (const character of text) {
      if (character > '\x7f' && !characters.has(character)) return false
    }
    return true
  }
}

/**
 * Returns the characters with these codes. Bisects the range, because one unassigned code fails the
 * statement.
 */
async function charactersOf(connection: Connection, first: number, last: number): Promise<string> {
  try {
    const [row] = await connection.query<{ characters: string }>(
      `select string_agg(chr(code), '') as characters from generate_series($1::integer, $2::integer) as code`,
      [first, last],
    )
    return row?.characters ?? ''
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
    if (error.code !== untranslatable || first === last) return ''
    const middle = Math.floor((first + last) / 2)
    return `${await charactersOf(connection, first, middle)}${await charactersOf(connection, middle + 1, last)}`
  }
}
