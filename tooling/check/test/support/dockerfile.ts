import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../src/repository.ts'

/** A line such as `RUN npm ci`. */
export interface Instruction {
  readonly name: string
  readonly value: string
}

/** Returns the instructions of each stage of the Dockerfile. */
export function readStages(): readonly (readonly Instruction[])[] {
  const lines = readFileSync(join(root, 'Dockerfile'), 'utf8')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
  const stages: Instruction[][] = []
  for (const line of lines) {
    const [, name = '', value = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (name === 'FROM') stages.push([])
    stages.at(-1)?.push({ name, value: value.trim() })
  }
  return stages
}

/** Returns the value of the only instruction with this name. */
export function onlyValueOf(stage: readonly Instruction[], name: string): string {
  const [found, ...more] = stage.filter((instruction) => instruction.name === name)
  if (found === undefined || more.length > 0) throw new Error(`expected one ${name}`)
  return found.value
}
