import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Chance } from '@cdrstream-internal/chance'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { canaries, configurations, variables } from '../../test/support/canary-configurations.ts'
import { mutate } from '../../test/support/mutate-configuration.ts'
import { builtInSinks } from '../built-in-sinks.ts'
import { loadToCollect, loadToSignIn } from './load-configuration.ts'

/** A part of a secret with this many characters reveals something. */
const pieceLength = 6
const filesPerConfiguration = 1_000

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'cdrstream-configuration-'))
  writeFileSync(join(directory, 'token'), `${canaries.file}\n`)
})
afterAll(() => rmSync(directory, { recursive: true }))

/** Returns the message lines about a configuration. */
async function problemLines(text: string, alsoToSignIn = true): Promise<readonly string[]> {
  const file = join(directory, 'cdrstream.yaml')
  writeFileSync(file, text)
  const source = { file, builtInSinks, variable: (name: string) => variables[name] }
  const loaded = [await loadToCollect(source), ...(alsoToSignIn ? [loadToSignIn(source)] : [])]
  return loaded.flatMap((each) => (each.kind === 'problems' ? each.lines : []))
}

/** Returns a part of a secret that the text contains, if any. */
function pieceIn(text: string): string | undefined {
  for (const canary of Object.values(canaries)) {
    for (let at = 0; at + pieceLength <= canary.length; at++) {
      const piece = canary.slice(at, at + pieceLength)
      if (text.toLowerCase().includes(piece.toLowerCase())) return piece
    }
  }
  return undefined
}

describe('no message about a broken configuration contains a part of a secret', () => {
  test.each(Object.keys(configurations))('%s', { timeout: 120_000 }, async (name) => {
    const text = configurations[name] ?? ''
    expect(await problemLines(text)).toEqual([])
    let broken = 0
    for (let seed = 0; seed < filesPerConfiguration; seed++) {
      const mutated = mutate(text, new Chance(seed))
      const lines = await problemLines(mutated, seed % 4 === 0)
      if (lines.length > 0) broken += 1
      const found = pieceIn(lines.join('\n'))
      if (found !== undefined) {
        expect.fail(`seed ${seed} shows ${found}:\n${lines.join('\n')}\nof\n${mutated}`)
      }
      expect(lines.filter((line) => /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(line))).toEqual([])
    }
    // Otherwise the mutations would prove nothing.
    expect(broken).toBeGreaterThan(filesPerConfiguration / 2)
  })
})

/** Typos that users have made, each tried once in addition to the random typos. */
const slips: readonly (readonly [what: string, from: string | RegExp, to: string, hint: RegExp])[] = [
  ['a forgotten space before a token', 'accessToken: ', 'accessToken:', /space missing after "accessToken:"/],
  [
    'a forgotten space before a secret',
    'clientSecret: ',
    'clientSecret:',
    /space missing after "clientSecret:"/,
  ],
  ['a forgotten space before a key', 'apiKey: ', 'apiKey:', /space missing after "apiKey:"/],
  ['a forgotten space before a password', 'password: ', 'password:', /space missing after "password:"/],
  ['a forgotten space before a URL', /url: (?=")/, 'url:', /space missing after "url:"/],
  ['a token without its key', 'accessToken: ', '', /./],
  ['a token as a key', 'accessToken: ', '? ', /./],
  [
    'a token that runs into the next key',
    /accessToken: (\S+)\n\s+region: eu/,
    'accessToken: x\n    region: eu $1',
    /./,
  ],
  ['an open quote', /url: "([^"]*)"/, 'url: "$1', /./],
  ['a tab before a key', /\n\s+accessToken/, '\n\taccessToken', /./],
  ['a token in the braces of a variable', /\$\{TOKEN\}/, `\${${canaries.accessToken}}`, /./],
  ['a token as a file', /\$\{file:token\}/, `\${file:${canaries.accessToken}}`, /./],
]

describe('the message names what is missing, without the secret after it', () => {
  test.each(slips)('%s', async (_, from, to, hint) => {
    const texts = Object.values(configurations).map((text) => [text, text.replace(from, to)] as const)
    const changed = texts.filter(([before, after]) => before !== after)
    expect(changed.length).toBeGreaterThan(0)
    for (const [, text] of changed) {
      const lines = (await problemLines(text)).join('\n')
      expect(lines).toMatch(hint)
      expect(pieceIn(lines)).toBeUndefined()
    }
  })
})
