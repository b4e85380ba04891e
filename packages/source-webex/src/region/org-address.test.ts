import { expect, test } from 'vitest'
import { createOrgAddress, type OrgAddressOptions } from './org-address.ts'
import type { FoundRegion, RegionStore } from './region-store.ts'
import { regionHosts } from './regions.ts'

const us = `https://${regionHosts.us}/v1`
const eu = `https://${regionHosts.eu}/v1`
const au = `https://${regionHosts.au}/v1`

function memoryStore(found?: FoundRegion) {
  const store = {
    found,
    load: async () => store.found,
    save: async (next: FoundRegion) => {
      store.found = next
    },
  }
  return store
}

function addressOf(more: Partial<OrgAddressOptions> = {}) {
  return createOrgAddress({ baseUrl: us, follow: true, allowedHosts: [], ...more })
}

test('an org is followed to its region, and the next process starts there', async () => {
  const store = memoryStore()
  const address = addressOf({ store })
  expect(await address.current()).toBe(us)
  expect(await address.sentAway(us, regionHosts.eu)).toEqual({ kind: 'moved', host: regionHosts.eu })
  expect(await address.current()).toBe(eu)
  expect(await addressOf({ store }).current()).toBe(eu)
})

test('an org that moves back and forth, with pages in between, is followed each time', async () => {
  const address = addressOf()
  for (let turn = 0; turn < 3; turn += 1) {
    expect(await address.sentAway(us, regionHosts.eu)).toMatchObject({ kind: 'moved' })
    address.accepted()
    expect(await address.sentAway(eu, regionHosts.us)).toMatchObject({ kind: 'moved' })
    expect(await address.current()).toBe(us)
    address.accepted()
  }
})

test('two regions that point to each other are detected and tried in turn until one returns a page', async () => {
  const address = addressOf()
  await address.sentAway(us, regionHosts.eu)
  expect(await address.sentAway(eu, regionHosts.us)).toEqual({ kind: 'ping-pong', host: regionHosts.us })
  expect(await address.current()).toBe(us)
  expect(await address.sentAway(us, regionHosts.eu)).toEqual({ kind: 'ping-pong', host: regionHosts.eu })
  expect(await address.current()).toBe(eu)
  address.accepted()
  expect(await address.sentAway(eu, regionHosts.us)).toMatchObject({ kind: 'moved' })
})

test('three regions that point to each other, and a region that points to itself, are detected', async () => {
  const address = addressOf()
  await address.sentAway(us, regionHosts.eu)
  expect(await address.sentAway(eu, regionHosts.au)).toMatchObject({ kind: 'moved' })
  expect(await address.sentAway(au, regionHosts.us)).toMatchObject({ kind: 'ping-pong' })
  expect(await addressOf().sentAway(us, regionHosts.us)).toMatchObject({ kind: 'ping-pong' })
})

test('a fixed region is neither left nor looked up in the store', async () => {
  const store = memoryStore({ baseUrl: us, host: regionHosts.eu })
  const address = addressOf({ follow: false, store })
  expect(await address.current()).toBe(us)
  expect(await address.sentAway(us, regionHosts.eu)).toEqual({ kind: 'fixed', host: regionHosts.eu })
  expect(await address.sentAway(us, undefined)).toEqual({ kind: 'unknown' })
  expect(await address.current()).toBe(us)
})

test('a host that is not allowed is reported and changes nothing', async () => {
  const store = memoryStore()
  const address = addressOf({ store })
  expect(await address.sentAway(us, 'evil.example')).toEqual({ kind: 'not-allowed', host: 'evil.example' })
  expect(await address.current()).toBe(us)
  expect(store.found).toBeUndefined()
})

test('a 451 that names no host returns the org to the configured URL, once', async () => {
  const address = addressOf({ store: memoryStore({ baseUrl: us, host: regionHosts.eu }) })
  expect(await address.current()).toBe(eu)
  expect(await address.sentAway(eu, undefined)).toMatchObject({ kind: 'moved', host: regionHosts.us })
  expect(await address.sentAway(us, undefined)).toEqual({ kind: 'unknown' })
})

test('a late response from a host that is no longer used changes nothing', async () => {
  const address = addressOf()
  await address.sentAway(us, regionHosts.eu)
  expect(await address.sentAway(us, regionHosts.au)).toEqual({ kind: 'moved', host: regionHosts.eu })
  expect(await address.current()).toBe(eu)
})

test.each<[string, FoundRegion]>([
  ['for a different configured URL', { baseUrl: au, host: regionHosts.eu }],
  ['with a host that is not allowed', { baseUrl: us, host: 'evil.example' }],
  ['with a user name before another host', { baseUrl: us, host: `${regionHosts.eu}@evil.example` }],
  ['with a path', { baseUrl: us, host: `evil.example/${regionHosts.eu}` }],
])('a remembered region is ignored: %s', async (_, found) => {
  expect(await addressOf({ store: memoryStore(found) }).current()).toBe(us)
})

test('without a working store, an org is still followed', async () => {
  const store: RegionStore = {
    load: () => Promise.reject(new Error('EIO')),
    save: () => Promise.reject(new Error('EIO')),
  }
  const address = addressOf({ store })
  expect(await address.current()).toBe(us)
  expect(await address.sentAway(us, regionHosts.eu)).toMatchObject({ kind: 'moved' })
  expect(await address.current()).toBe(eu)
})
