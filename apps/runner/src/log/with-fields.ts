import type { Logger } from '@cdrstream/plugin'

/** Returns a log that adds these fields to every line. A line cannot replace them. */
export function withFields(log: Logger, common: Readonly<Record<string, unknown>>): Logger {
  const write =
    (level: keyof Logger): Logger[keyof Logger] =>
    (message, fields) =>
      log[level](message, { ...fields, ...common })
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
