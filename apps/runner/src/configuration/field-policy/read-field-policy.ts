import { createHmac, createSecretKey } from 'node:crypto'
import type { ColumnName } from '@cdrstream/catalogue'
import type { FieldAction, FieldPolicy, Hmac, PersonalClass } from '@cdrstream/core'
import { withMeantValues } from '../meant-values.ts'
import type { Path } from '../place.ts'
import type { PlainValue } from '../plain-value.ts'
import type { Problem } from '../problem.ts'
import { Secret } from '../secret.ts'
import { foundAt } from '../shape-problems.ts'
import { unknownKey } from '../unknown-key.ts'
import { valueAt } from '../value-at.ts'
import { policySubject, unknownSubject } from './policy-words.ts'
import { type ActionWord, readAction, readFieldAction } from './read-action.ts'
import { isWeakKey, shortestKey } from './weak-key.ts'

export interface FieldPolicyReading {
  readonly problems: readonly Problem[]
  /** The policy from the entries without problems. */
  readonly policy: FieldPolicy
  /** The key, which must not be printed. */
  readonly secrets: readonly Secret[]
}

/** Reads the `fields` of a sink. */
export function readFieldPolicy(plain: PlainValue, path: Path): FieldPolicyReading {
  const written = valueAt(plain.value, path)
  // Anything but a mapping has been reported by the section's schema.
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    return { problems: [], policy: {}, secrets: [] }
  }
  const reader = new PolicyReader(plain, path)
  for (const word of Object.keys(written)) reader.read(word)
  return reader.finish()
}

class PolicyReader {
  readonly #plain: PlainValue
  readonly #path: Path
  readonly #problems: Problem[] = []
  readonly #classes = new Map<PersonalClass, ActionWord>()
  readonly #fields = new Map<ColumnName, ActionWord>()
  #unknown: FieldPolicy['unknown']
  #key: string | undefined

  constructor(plain: PlainValue, path: Path) {
    this.#plain = plain
    this.#path = path
  }

  read(word: string): void {
    const subject = policySubject(word)
    const value = valueAt(this.#plain.value, [...this.#path, word])
    switch (subject?.kind) {
      case undefined:
        this.#problems.push({ ...unknownKey(this.#path, word, []), message: unknownSubject(word) })
        return
      case 'key':
        if (typeof value !== 'string' || value.length < shortestKey) {
          this.#wrong(word, `expected text of at least ${shortestKey} characters`)
        } else if (isWeakKey(value)) {
          this.#wrong(word, 'expected random characters, such as those from "openssl rand -hex 32"')
        } else this.#key = value
        return
      case 'unknown':
        if (value === 'keep' || value === 'drop') this.#unknown = value
        else this.#wrong(word, 'expected keep or drop')
        return
      case 'class': {
        const action = readAction(this.#meant(word, value))
        if (action.kind === 'wrong') this.#wrong(word, action.expected)
        else this.#classes.set(subject.personal, action)
        return
      }
      case 'field': {
        const action = readFieldAction(this.#meant(word, value), subject.field)
        if (action.kind === 'wrong') this.#wrong(word, action.expected)
        else this.#fields.set(subject.field.column, action)
      }
    }
  }

  finish(): FieldPolicyReading {
    const key = this.#key
    const words = [...this.#classes.values(), ...this.#fields.values()]
    const keyIsNamed = this.#problems.some(({ path }) => path.at(-1) === 'key')
    if (key === undefined && !keyIsNamed && words.some(({ kind }) => kind === 'hash')) {
      this.#wrong('key', `expected text of at least ${shortestKey} characters, because of hash`)
    }
    const hmac = keyedHmac(key ?? '')
    const policy = {
      classes: actions(this.#classes, hmac),
      fields: actions(this.#fields, hmac),
      ...(this.#unknown === undefined ? {} : { unknown: this.#unknown }),
    }
    return { problems: this.#problems, policy, secrets: key === undefined ? [] : [new Secret(key)] }
  }

  /** Returns the value with a `${…}` at `mask` replaced by its number. */
  #meant(word: string, value: unknown): unknown {
    return withMeantValues(value, [...this.#path, word], [['mask']], this.#plain)
  }

  #wrong(word: string, expected: string): void {
    const path = [...this.#path, word]
    this.#problems.push({ path, part: 'value', message: `${expected}, found ${foundAt(path, this.#plain)}` })
  }
}

function actions<Subject extends string>(
  words: ReadonlyMap<Subject, ActionWord>,
  hmac: Hmac,
): Readonly<Partial<Record<Subject, FieldAction>>> {
  const entries = Array.from(words, ([subject, word]): readonly [Subject, FieldAction] => [
    subject,
    word.kind === 'hash' ? { kind: 'hash', hmac } : (word as FieldAction),
  ])
  return Object.fromEntries(entries) as Partial<Record<Subject, FieldAction>>
}

/**
 * Returns HMAC-SHA-256 of text in UTF-8 as 64 hexadecimal digits, like Postgres with `encode(hmac(value, key,
 * 'sha256'), 'hex')`.
 */
function keyedHmac(key: string): Hmac {
  const secret = createSecretKey(key, 'utf8')
  return (text) => createHmac('sha256', secret).update(text).digest('hex')
}
