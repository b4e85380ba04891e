import { writeSync } from 'node:fs'
import type { Logger } from '@cdrstream/plugin'
import { pino } from 'pino'
import { prettyFactory } from 'pino-pretty'
import type { Secret } from '../configuration/secret.ts'
import { dropLines } from './drop-lines.ts'
import { loggable } from './loggable.ts'

export const logLevels = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LoggerOptions {
  readonly level: LogLevel
  /** Lines for a person instead of JSON. */
  readonly pretty: boolean
  /** Appear as `[secret]`, wherever a text happens to hold them. */
  readonly secrets: readonly Secret[]
  /** Takes a line, its line break included. Default: standard error. */
  readonly write?: (line: string) => void
}

/** Writes JSON lines: `{"level":"info","time":"2026-11-24T11:00:00.000Z","msg":"…", …}`. */
export function createLogger(options: LoggerOptions): Logger {
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
    },
    destination(options),
  )
  return {
    debug: (message, fields) => logger.debug(loggable(fields), message),
    info: (message, fields) => logger.info(loggable(fields), message),
    warn: (message, fields) => logger.warn(loggable(fields), message),
    error: (message, fields) => logger.error(loggable(fields), message),
  }
}

function destination({ pretty: forPeople, secrets, write }: LoggerOptions) {
  const show = forPeople ? prettyLines() : (line: string) => line
  const out =
    write ??
    dropLines({
      // Synchronous: the last lines of a process that dies are the ones that are wanted.
      write: (bytes) => writeSync(2, bytes),
      note: (lines, code) => show(`${JSON.stringify(droppedLines(lines, code))}\n`),
    })
  return { write: (line: string) => out(show(conceal(line, secrets))) }
}

function droppedLines(lines: number, code: string): object {
  const time = new Date().toISOString()
  return { level: 'warn', time, msg: 'log lines could not be written and were dropped', lines, code }
}

function prettyLines() {
  return prettyFactory({ colorize: true, translateTime: 'SYS:HH:MM:ss', singleLine: true })
}

function conceal(line: string, secrets: readonly Secret[]): string {
  return secrets.reduce((text, secret) => {
    const hidden = secret.reveal()
    // So short a text is no token, and may be a part of any word.
    if (hidden.length < 8) return text
    return text.replaceAll(hidden, '[secret]').replaceAll(JSON.stringify(hidden).slice(1, -1), '[secret]')
  }, line)
}
