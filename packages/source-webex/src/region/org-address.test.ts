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

test('an org is followed to its region, and found there by the next process', async () => {
  const store = memoryStore()
  const address = addressOf({ store })
  expect(await address.current()).toBe(us)
  expect(await address.sentAway(us, regionHosts.eu)).toEqual({ kind: 'moved', host: regionHosts.eu })
  expect(await address.current()).toBe(eu)
  expect(await addressOf({ store }).current()).toBe(eu)
})

test('an org that moves there and back, with pages between, is followed each time', async () => {
  const address = addressOf()
  for (let turn = 0; turn < 3; turn += 1) {
    expect(await address.sentAway(us, regionHosts.eu)).toMatchObject({ kind: 'moved' })
    address.accepted()
    expect(await address.sentAway(eu, regionHosts.us)).toMatchObject({ kind: 'moved' })
    expect(await address.current()).toBe(us)
    address.accepted()
  }
})

test('two regions that send to each other are noticed, asked in turn, and left when one takes us', async () => {
  const address = addressOf()
  await address.sentAway(us, regionHosts.eu)
  expect(await address.sentAway(eu, regionHosts.us)).toEqual({ kind: 'ping-pong', host: regionHosts.us })
  expect(await address.current()).toBe(us)
  expect(await address.sentAway(us, regionHosts.eu)).toEqual({ kind: 'ping-pong', host: regionHosts.eu })
  expect(await address.current()).toBe(eu)
  address.accepted()
  expect(await address.sentAway(eu, regionHosts.us)).toMatchObject({ kind: 'moved' })
})

test('so are three of them, and one that sends to itself', async () => {
  const address = addressOf()
  await address.sentAway(us, regionHosts.eu)
  expect(await address.sentAway(eu, regionHosts.au)).toMatchObject({ kind: 'moved' })
  expect(await address.sentAway(au, regionHosts.us)).toMatchObject({ kind: 'ping-pong' })
  expect(await addressOf().sentAway(us, regionHosts.us)).toMatchObject({ kind: 'ping-pong' })
})

test('a fixed region is not left, nor looked up', async () => {
  const store = memoryStore({ baseUrl: us, host: regionHosts.eu })
  const address = addressOf({ follow: false, store })
  expect(await address.current()).toBe(us)
  expect(await address.sentAway(us, regionHosts.eu)).toEqual({ kind: 'fixed', host: regionHosts.eu })
  expect(await address.sentAway(us, undefined)).toEqual({ kind: 'unknown' })
  expect(await address.current()).toBe(us)
})

test('a host that is not allowed is told, and changes nothing', async () => {
  const store = memoryStore()
  const address = addressOf({ store })
  expect(await address.sentAway(us, 'evil.example')).toEqual({ kind: 'not-allowed', host: 'evil.example' })
  expect(await address.current()).toBe(us)
  expect(store.found).toBeUndefined()
})

test('a 451 that names no host leads back to the configured address, once', async () => {
  const address = addressOf({ store: memoryStore({ baseUrl: us, host: regionHosts.eu }) })
  expect(await address.current()).toBe(eu)
  expect(await address.sentAway(eu, undefined)).toMatchObject({ kind: 'moved', host: regionHosts.us })
  expect(await address.sentAway(us, undefined)).toEqual({ kind: 'unknown' })
})

test('a late answer of a host that is not asked any more moves nothing', async () => {
  const address = addressOf()
  await address.sentAway(us, regionHosts.eu)
  expect(await address.sentAway(us, regionHosts.au)).toEqual({ kind: 'moved', host: regionHosts.eu })
  expect(await address.current()).toBe(eu)
})

test.each<[string, FoundRegion]>([
  ['of another configured address', { baseUrl: au, host: regionHosts.eu }],
  ['of a host that is not allowed', { baseUrl: us, host: 'evil.example' }],
  ['of a host with more to it', { baseUrl: us, host: `${regionHosts.eu}@evil.example` }],
  ['of a host with a path', { baseUrl: us, host: `evil.example/${regionHosts.eu}` }],
])('what was remembered is not believed: %s', async (_, found) => {
  expect(await addressOf({ store: memoryStore(found) }).current()).toBe(us)
})

test('a store that fails costs nothing but the memory', async () => {
  const store: RegionStore = {
    load: () => Promise.reject(new Error('EIO')),
    save: () => Promise.reject(new Error('EIO')),
  }
  const address = addressOf({ store })
  expect(await address.current()).toBe(us)
  expect(await address.sentAway(us, regionHosts.eu)).toMatchObject({ kind: 'moved' })
  expect(await address.current()).toBe(eu)
})
