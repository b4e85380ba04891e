import { expect, test } from 'vitest'
import { buildRequest } from './build-request.ts'

const parts = {
  baseUrl: 'https://analytics-calling.example/v1',
  locations: [],
  token: 'canary',
  trackingId: 'track-1',
  userAgent: 'cdrstream-test',
}

const nineToEleven = { fromSec: Date.UTC(2026, 8, 24, 9) / 1_000, toSec: Date.UTC(2026, 8, 24, 11) / 1_000 }

test('a window is requested from its first second to the second after its last, in milliseconds', () => {
  const { url } = buildRequest({ kind: 'initial', window: nineToEleven, max: 5_000 }, parts)
  expect(url).toBe(
    'https://analytics-calling.example/v1/cdr_stream?startTime=2026-09-24T09:00:00.000Z&endTime=2026-09-24T11:00:00.000Z&max=5000',
  )
})

test('adjacent windows leave no gap, because one ends where the next begins', () => {
  const next = { fromSec: nineToEleven.toSec, toSec: nineToEleven.toSec + 60 }
  const [first, second] = [nineToEleven, next].map(
    (window) => new URL(buildRequest({ kind: 'initial', window, max: 500 }, parts).url).searchParams,
  )
  expect(first?.get('endTime')).toBe(second?.get('startTime'))
})

test('location names are joined by commas, each encoded', () => {
  const { url } = buildRequest(
    { kind: 'initial', window: nineToEleven, max: 500 },
    { ...parts, locations: ['New York', 'Zürich & Bern', 'A=1#\ud800'] },
  )
  expect(url).toMatch(/&locations=New%20York,Z%C3%BCrich%20%26%20Bern,A%3D1%23%EF%BF%BD$/)
})

test('a page is requested with the unchanged query of its link, on the configured host and path', () => {
  const link = 'endTime=2026-09-24T11:00:00.000Z&x=%2c,;\'"+&orgId=a|b\\c[]{}^`&&=&max=5000'
  const { url } = buildRequest({ kind: 'page', link }, parts)
  expect(url).toBe(`${parts.baseUrl}/cdr_stream?${link}`)
})

test('only characters that a request line cannot contain are encoded in a query', () => {
  const { url } = buildRequest(
    { kind: 'page', link: 'locations=New York,Z\u00c3\u00bcrich,東京\t\x7f' },
    parts,
  )
  expect(url).toBe(`${parts.baseUrl}/cdr_stream?locations=New%20York,Z%C3%BCrich,%E6%9D%B1%E4%BA%AC%09%7F`)
})

test('the headers contain the token and the tracking id, and accept gzip', () => {
  const { headers } = buildRequest({ kind: 'page', link: 'max=1' }, parts)
  expect(headers).toEqual({
    authorization: 'Bearer canary',
    accept: 'application/json',
    'accept-encoding': 'gzip',
    'user-agent': 'cdrstream-test',
    trackingid: 'track-1',
  })
})
