import { writeSync } from 'node:fs'
import type { Words } from '@cdrstream/core/words'
import type { Logger } from '@cdrstream/plugin'
import { pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { dropLines } from './drop-lines.ts'
import { loggable } from './loggable.ts'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LoggerOptions {
  readonly level: LogLevel
  /** Whether to write lines for a person instead of JSON. */
  readonly pretty: boolean
  /** Hides secrets in all text in a line. */
  readonly words: Words
  /** Writes a line, including its line break. Default: to standard error. */
  readonly write?: (line: string) => void
}

/** A message can contain a remedy of several sentences. */
const mostCharactersOfMessage = 1_000

/**
 * Returns a logger that writes JSON lines: `{"level":"info","time":"2026-11-24T11:00:00.000Z","msg":"…", …}`.
 */
export function createLogger(options: LoggerOptions): Logger {
  const { words } = options
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination(options),
  )
  const write =
    (level: LogLevel) =>
    (message: string, fields?: Readonly<Record<string, unknown>>): void =>
      logger[level](loggable(fields, words), words(String(message), mostCharactersOfMessage))
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

function destination({ pretty: forPeople, write }: LoggerOptions) {
  const show = forPeople ? prettyLines() : (line: string) => line
  const out =
    write ??
    dropLines({
      // Synchronous, because a crashing process's last lines matter most.
      write: (bytes) => writeSync(2, bytes),
      note: (lines, code) => show(`${JSON.stringify(droppedLines(lines, code))}\n`),
    })
  return { write: (line: string) => out(show(line)) }
}

function droppedLines(lines: number, code: string): object {
  const time = new Date().toISOString()
  return { level: 'warn', time, msg: 'log lines could not be written and were dropped', lines, code }
}

function prettyLines() {
  return prettyFactory({ colorize: true, translateTime: 'SYS:HH:MM:ss', singleLine: true })
}
