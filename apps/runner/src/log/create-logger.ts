import type { Logger } from '@cdrstream/plugin'
import { pino } from 'pino'
import pretty from 'pino-pretty'
import type { Secret } from '../configuration/secret.ts'
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
  // Synchronous: the last lines of a process that dies are the ones that are wanted.
  const out = forPeople ? prettyLines() : pino.destination({ fd: 2, sync: true })
  return {
    write: (line: string) => {
      const safe = conceal(line, secrets)
      if (write === undefined) out.write(safe)
      else write(safe)
    },
  }
}

function prettyLines() {
  return pretty({
    destination: 2,
    sync: true,
    colorize: true,
    translateTime: 'SYS:HH:MM:ss',
    singleLine: true,
  })
}

function conceal(line: string, secrets: readonly Secret[]): string {
  return secrets.reduce((text, secret) => {
    const hidden = secret.reveal()
    // So short a text is no token, and may be a part of any word.
    if (hidden.length < 8) return text
    return text.replaceAll(hidden, '[secret]').replaceAll(JSON.stringify(hidden).slice(1, -1), '[secret]')
  }, line)
}
