import { DatabaseError } from 'pg'
import type { Connection } from '../connection/connection.ts'

/** Whether a database can hold all characters of a text, which has no NUL and is well formed. */
export type Repertoire = (text: string) => boolean

export const holdsAll: Repertoire = () => true

/** Stores any bytes, and does not convert them: texts of UTF-8 come back as they were. */
const withoutConversion = ['UTF8', 'SQL_ASCII']
const untranslatable = '22P05'

/**
 * Asks the server which characters its encoding has. Of an encoding with several bytes per character, only
 * ASCII is known.
 */
export async function readRepertoire(connection: Connection): Promise<Repertoire> {
  const [server] = await connection.query<{ encoding: string }>(
    `select current_setting('server_encoding') as encoding`,
  )
  if (withoutConversion.includes(server?.encoding ?? '')) return holdsAll
  const characters = new Set(await charactersOf(connection, 128, 255))
  return (text) => {
    for (const character of text) {
      if (character > '\x7f' && !characters.has(character)) return false
    }
    return true
  }
}

/** Returns the characters with these codes. Codes that have none make the whole statement fail. */
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
