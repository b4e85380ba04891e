import { type CatalogueField, catalogue } from '@cdrstream/catalogue'
import type { PersonalClass } from '@cdrstream/core'
import { classWords } from './class-words.ts'
import { isText, mostDigits } from './read-action.ts'
import { shortestKey } from './weak-key.ts'

/** Returns the JSON Schema of a sink's `fields`. */
export function fieldPolicyForm(): Readonly<Record<string, unknown>> {
  const action = (what: string) => ({
    description: `What happens to ${what}.`,
    anyOf: [
      { type: 'string', enum: ['keep', 'drop', 'hash'] },
      {
        type: 'object',
        properties: {
          mask: {
            type: 'integer',
            minimum: 0,
            maximum: mostDigits,
            description: `How many of the last digits stay: 0 to ${mostDigits}.`,
          },
        },
        required: ['mask'],
        additionalProperties: false,
      },
    ],
  })
  const classes = (Object.keys(classWords) as PersonalClass[]).map((personal) => {
    const usual = personal === 'secret' ? 'drop' : 'keep'
    return [classWords[personal], { ...action(classTexts[personal]), default: usual }] as const
  })
  const fields = catalogue.map((field) => {
    const what = `the field \`${field.name}\`, regardless of its class`
    return [field.column, isText(field) ? action(what) : wordsForm(field, what)] as const
  })
  return {
    properties: {
      key: {
        type: 'string',
        minLength: shortestKey,
        description: `The key of \`hash\` (HMAC-SHA-256): at least ${shortestKey} random characters.`,
      },
      unknown: {
        type: 'string',
        enum: ['keep', 'drop'],
        default: 'keep',
        description: 'What happens to fields that are not in the catalogue.',
      },
      ...Object.fromEntries([...classes, ...fields]),
    },
    additionalProperties: false,
  }
}

const classTexts: Readonly<Record<PersonalClass, string>> = {
  number: 'telephone numbers and dialed digits',
  name: 'names of people, places and services',
  identifier: 'identifiers of a person, a place or a device',
  address: 'IP addresses, and text that may hold one',
  secret: 'secrets such as authorization codes',
  context: 'free text about what a call was for',
}

/** A field that is not text cannot be masked or hashed, and no sink works without the Report ID. */
function wordsForm({ column }: CatalogueField, what: string) {
  const words = column === 'report_id' ? ['keep'] : ['keep', 'drop']
  return { type: 'string', enum: words, description: `What happens to ${what}.` }
}
