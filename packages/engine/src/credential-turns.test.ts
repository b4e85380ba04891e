import { defaultTerms } from '@cdrstream/core'
import { ProcessClock, VirtualTime } from '@cdrstream-internal/virtual-time'
import { expect, it } from 'vitest'
import { memoryJournal } from '../test/support/memory-journal.ts'
import { CredentialLane } from './credential-lane.ts'

it('the next turn goes to the org that has waited longest among the orgs that share a credential', async () => {
  const clock = new ProcessClock(new VirtualTime(0), () => false)
  const platform = { clock, digest: (text: string) => text, newId: () => 'id' }
  const lane = new CredentialLane('token', memoryJournal(), defaultTerms, platform)
  lane.want('acme', 'initial')
  lane.want('other', 'initial')
  expect(await lane.reserve('acme', 'initial')).toBe('id')
  lane.want('acme', 'initial')
  expect([lane.isTurnOf('acme', 'initial'), lane.isTurnOf('other', 'initial')]).toEqual([false, true])
  lane.leave('other')
  expect(lane.isTurnOf('acme', 'initial')).toBe(true)
})
