import { sinkChecks } from '@cdrstream/testkit'
import { describe, test } from 'vitest'
import certification from './webhook.certification.ts'
import webhook from './webhook.ts'

describe('the webhook sink', () => {
  const module = new URL('./webhook.ts', import.meta.url)
  for (const check of sinkChecks(webhook, { ...certification, module })) test(check.title, () => check.run())
})
