import { expect, it } from 'vitest'
import { fencedBlock, readPage, readSections } from './read-sections.ts'
import { readSearchRecipes } from './search-recipes.ts'
import { readSqlRecipes } from './sql-recipes.ts'

const questions = readSections('postgres.md').map(({ title }) => title)

it('the pages for both stores answer the same ten questions', () => {
  expect(questions).toHaveLength(10)
  expect(readSections('elasticsearch.md').map(({ title }) => title)).toEqual(questions)
})

it('each question has a query and an answer, and all queries on the pages are run', () => {
  expect(readSqlRecipes('postgres.md').map(({ title }) => title)).toEqual(questions)
  expect(readSearchRecipes().map(({ title }) => title)).toEqual(questions)
  const fences = (page: string, language: string) => readPage(page).split(`\n\`\`\`${language}\n`).length - 1
  expect(fences('postgres.md', 'sql')).toBe(questions.length)
  expect(fences('elasticsearch.md', 'console')).toBe(questions.length)
  expect(fences('README.md', 'sql')).toBe(readSqlRecipes('README.md').length)
  expect(fences('elasticsearch.md', 'sql')).toBe(0)
})

it('each section explains what it counts and what to watch for', () => {
  for (const page of ['postgres.md', 'elasticsearch.md'] as const) {
    for (const { title, text } of readSections(page)) {
      expect([title, /\b(Counts|Lists) \*\*(records|legs|calls)\*\*/.test(text)]).toEqual([title, true])
      expect([title, text.includes('\nWatch for:\n- ')]).toEqual([title, true])
    }
  }
})

it('the index lists each question, with working links to its sections', () => {
  const index = readPage('README.md')
  for (const title of questions) {
    const [number = '', question = ''] = title.split(/\. (.*)/)
    const anchor = title
      .toLowerCase()
      .replaceAll(/[^a-z0-9 ]/g, '')
      .replaceAll(' ', '-')
    const row = index.split('\n').find((line) => line.startsWith(`| ${number} |`))
    expect(row).toContain(`| ${question} |`)
    expect(row).toContain(`(postgres.md#${anchor})`)
    expect(row).toContain(`(elasticsearch.md#${anchor})`)
  }
})

it('SQL queries state the time zone and days once, and searches use parameters for them', () => {
  for (const { title, query } of [...readSqlRecipes('README.md'), ...readSqlRecipes('postgres.md')]) {
    const [asked = '', ...rest] = query.split('\n)')
    expect([title, /date '|'\w+\/\w+'/.test(rest.join(''))]).toEqual([title, false])
    expect([title, asked.match(/'\w+\/\w+'/g)?.length]).toEqual([title, 1])
  }
  for (const { title, text } of readSections('elasticsearch.md')) {
    const query = fencedBlock(text, 'console') ?? ''
    expect([title, /\d{4}-\d\d|America|-0\d:00/.test(query)]).toEqual([title, false])
  }
})
