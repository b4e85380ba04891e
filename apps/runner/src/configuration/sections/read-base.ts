import { z } from 'zod'
import type { Configuration } from '../configuration.ts'
import { joinConfiguration } from '../join-configuration.ts'
import type { PlainValue } from '../plain-value.ts'
import { configurationSchema } from '../schema/configuration-schema.ts'
import { mapping } from '../schema/leaf.ts'
import { type ShapedSink, sinksSchema } from '../schema/sinks-schema.ts'
import { listAt } from '../value-at.ts'
import { checkNames } from './check-names.ts'
import { readHttp } from './read-http.ts'
import { readJournal } from './read-journal.ts'
import { readOrgs } from './read-orgs.ts'
import { readWebex } from './read-webex.ts'
import { parseSection, type Section } from './section.ts'

export interface BaseReading extends Section<Configuration> {
  /** The configuration of each sink, or undefined if the section is malformed. */
  readonly sinks: readonly ShapedSink[] | undefined
}

/** Reads the part of a configuration that every command needs: all sections, without loading the sinks. */
export function readBase(plain: PlainValue, baseDirectory: string): BaseReading {
  const top = parseSection(topSchema, plain, [])
  // A file that contains something else has no sections.
  if (typeof plain.value !== 'object' || Array.isArray(plain.value))
    return { ...top, value: undefined, sinks: undefined }
  const orgs = readOrgs(plain)
  const journal = readJournal(plain, baseDirectory)
  const sinks = readSinkForms(plain)
  const http = readHttp(plain, baseDirectory)
  const webex = readWebex(plain)
  const problems = [top, orgs, journal, sinks, http, webex].flatMap((section) => section.problems)
  if (
    orgs.value === undefined ||
    journal.value === undefined ||
    sinks.value === undefined ||
    http.value === undefined ||
    webex.value === undefined
  ) {
    return { value: undefined, problems, sinks: sinks.value }
  }
  const sections = {
    orgs: orgs.value,
    journal: journal.value,
    sinks: sinks.value,
    http: http.value,
    webex: webex.value,
  }
  return { value: joinConfiguration(sections, baseDirectory), problems, sinks: sinks.value }
}

/** The sections are read one by one, so that a problem in one section does not hide problems in another. */
const topSchema = mapping(
  'a mapping with orgs, journal and sinks',
  Object.fromEntries(
    Object.keys(configurationSchema.shape).map((section) => [section, z.unknown().optional()]),
  ),
)

function readSinkForms(plain: PlainValue): Section<readonly ShapedSink[]> {
  const { value, problems } = parseSection(sinksSchema, plain, ['sinks'])
  return { value, problems: [...problems, ...checkNames('sinks', listAt(plain.value, ['sinks']))] }
}
