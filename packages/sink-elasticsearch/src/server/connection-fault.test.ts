import { expect, test } from 'vitest'
import { connectionFault } from './connection-fault.ts'

test.each([
  'connect ECONNREFUSED 127.0.0.1:9200',
  'getaddrinfo ENOTFOUND search.example.com',
  'read ECONNRESET',
  'other side closed',
  'Request timed out',
])('an operating system message is kept: %s', (message) => {
  expect(connectionFault(message)).toBe(message)
})

test.each([
  "Hostname/IP does not match certificate's altnames: Host: localhost. is not cert's CN: canary",
  'connect ECONNREFUSED canary canary',
  'canary',
])('any other message is replaced: %s', (message) => {
  expect(connectionFault(message)).not.toContain('canary')
})
