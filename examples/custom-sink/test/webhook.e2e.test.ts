import { sinkChecks } from '@cdrstream/testkit'
import { describe, test } from 'vitest'
import webhook from '../src/webhook.ts'
import certification from './webhook.certification.ts'

describe('the webhook sink', () => {
  const module = new URL('../src/webhook.ts', import.meta.url)
  for (const check of sinkChecks(webhook, { ...certification, module })) test(check.title, () => check.run())
})
