import { Argument, type Command, InvalidArgumentError } from 'commander'
import type { ArgumentAction } from './command-action.ts'
import { wholeNumberValue } from './option-values.ts'

const description = [
  'Prints the SQL that creates what a sink writes to: schema, tables, indexes and comments. By default, the sink runs it. For a database where only an administrator may do so, set `manageSchema: false` in the sink options. Running the SQL again changes nothing.',
  'For psql: cdrstream schema postgres | psql --set ON_ERROR_STOP=1 "$DATABASE_URL"',
].join('\n\n')

export function addSchema(program: Command, action: ArgumentAction): void {
  program
    .command('schema')
    .summary('print the SQL of a database sink, for administrators')
    .description(description)
    .addArgument(new Argument('<sink>', 'the sink').choices(['postgres']))
    .option('--schema <name>', 'the schema, as in the sink options (default: cdr)', schemaName)
    .option('--raw-text', 'include the column for the record text, as with `rawText: true`')
    .option('--keep-revisions', 'include the table of earlier revisions, as with `keepRevisions: true`')
    .option('--from-month <month>', 'the first month that gets a partition (default: last month)', monthValue)
    .option('--months <number>', 'how many months get a partition (default: 14)', wholeNumberValue(1, 600))
    .action(action)
}

/** The same pattern as in the sink's options. */
function schemaName(text: string): string {
  if (/^[a-z_][a-z0-9_]{0,39}$/.test(text)) return text
  throw new InvalidArgumentError(
    'Expected at most 40 lower-case letters, digits or underscores, not starting with a digit.',
  )
}

function monthValue(text: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text
  throw new InvalidArgumentError('Expected a month such as 2026-11.')
}
