import { expect, test } from 'vitest'
import { connectionFault } from './connection-fault.ts'
import { knownErrorType } from './error-type.ts'

test.each([
  'connect ECONNREFUSED 127.0.0.1:9200',
  'getaddrinfo ENOTFOUND search.example.com',
  'read ECONNRESET',
  'other side closed',
  'Request timed out',
])('the words of the operating system are kept: %s', (message) => {
  expect(connectionFault(message)).toBe(message)
})

test.each([
  "Hostname/IP does not match certificate's altnames: Host: localhost. is not cert's CN: canary",
  'connect ECONNREFUSED canary canary',
  'canary',
])('other words are not: %s', (message) => {
  expect(connectionFault(message)).not.toContain('canary')
})

test.each([
  ['document_parsing_exception', 'document_parsing_exception'],
  ['i_o_exception', 'i_o_exception'],
  ['canary', ''],
  ['canary 15551234 exception', ''],
  [7, ''],
  [undefined, ''],
])('of the type %j %j is shown', (type, shown) => {
  expect(knownErrorType(type)).toBe(shown)
})
