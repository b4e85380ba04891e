import { farCall } from './far-call.ts'
import { abroad, fromOutside, inside } from './legs.ts'
import { ada, bela, chidi, dora, gateway, namesake } from './parties.ts'
import type { SampleRecord } from './write-record.ts'

/** The sample calls between people and across a trunk. */
export const directCalls: readonly SampleRecord[] = [
  // 1: a customer reaches Bela. The local gateway also has a record of this leg, and both records name the
  // trunk.
  {
    call: 1,
    leg: 1,
    side: 'ORIGINATING',
    owner: gateway,
    other: bela,
    callType: 'SIP_INBOUND',
    start: '2026-11-02T15:00:00',
    answer: '2026-11-02T15:00:05',
    release: '2026-11-02T15:02:05',
    more: { 'Inbound trunk': 'Chicago SIP' },
  },
  fromOutside({
    call: 1,
    leg: 1,
    owner: bela,
    start: '2026-11-02T15:00:00',
    answer: '2026-11-02T15:00:05',
    release: '2026-11-02T15:02:05',
    more: { 'Caller mood': 'calm' },
  }),
  // 2: Ada calls Bela, who is on call 1 and does not answer.
  ...inside({
    call: 2,
    leg: 1,
    from: ada,
    to: bela,
    start: '2026-11-02T15:01:30',
    release: '2026-11-02T15:01:50',
  }),
  // 3: between two locations. At 15:01:30, calls 1 and 2 are also in progress, so three calls overlap.
  ...inside({
    call: 3,
    leg: 1,
    from: dora,
    to: chidi,
    start: '2026-11-02T15:01:00',
    answer: '2026-11-02T15:01:10',
    release: '2026-11-02T15:11:10',
  }),
  // 4: on the 3rd in UTC, but at 22:00 on the 2nd in Chicago. 90 seconds. The gateway also has a record.
  abroad({
    call: 4,
    leg: 1,
    owner: ada,
    other: '+442079460123',
    country: 'GB',
    trunk: 'Chicago SIP',
    start: '2026-11-03T04:00:00',
    answer: '2026-11-03T04:00:05',
    release: '2026-11-03T04:01:35',
  }),
  {
    call: 4,
    leg: 1,
    side: 'TERMINATING',
    owner: gateway,
    other: ada,
    callType: 'SIP_INTERNATIONAL',
    start: '2026-11-03T04:00:00',
    answer: '2026-11-03T04:00:05',
    release: '2026-11-03T04:01:35',
    more: { 'International country': 'GB', 'Outbound trunk': 'Chicago SIP' },
  },
  // 5: 61 seconds, which a carrier bills as two minutes.
  abroad({
    call: 5,
    leg: 1,
    owner: bela,
    other: '+442079460124',
    country: 'GB',
    trunk: 'Chicago SIP',
    start: '2026-11-03T16:00:00',
    answer: '2026-11-03T16:00:04',
    release: '2026-11-03T16:01:05',
    more: { 'Caller mood': 'tense' },
  }),
  // 6: starts at the moment call 5 ends, so the two never overlap. No one answers.
  abroad({
    call: 6,
    leg: 1,
    owner: bela,
    other: '+442079460124',
    country: 'GB',
    trunk: 'Chicago SIP',
    start: '2026-11-03T16:01:05',
    release: '2026-11-03T16:01:35',
  }),
  // 12: Dora does not answer, and the call is forwarded to Chidi, who does.
  fromOutside({
    call: 12,
    leg: 1,
    owner: dora,
    start: '2026-11-03T15:00:00',
    answer: '2026-11-03T15:00:25',
    release: '2026-11-03T15:01:00',
    more: { 'Answer indicator': 'Yes-PostRedirection', 'Related reason': 'CallForwardNoAnswer' },
  }),
  ...inside(
    {
      call: 12,
      leg: 2,
      from: dora,
      to: chidi,
      start: '2026-11-03T15:00:18',
      answer: '2026-11-03T15:00:25',
      release: '2026-11-03T15:01:00',
    },
    { 'Related reason': 'CallForwardNoAnswer', 'Redirect reason': 'NoAnswer' },
    { 'Redirect reason': 'NoAnswer', 'Redirecting party UUID': dora.uuid },
  ),
  // 13: the other Ada Beispiel misses a call. Hold duration has a value that its column cannot store.
  ...inside(
    {
      call: 13,
      leg: 1,
      from: chidi,
      to: namesake,
      start: '2026-11-03T09:00:00',
      release: '2026-11-03T09:00:10',
    },
    { 'Hold duration': 'unknown' },
  ),
  // 14: abroad from Berlin, 300 seconds.
  abroad({
    call: 14,
    leg: 1,
    owner: chidi,
    other: '+12125550123',
    country: 'US',
    trunk: 'Berlin SIP',
    start: '2026-11-02T16:00:00',
    answer: '2026-11-02T16:00:05',
    release: '2026-11-02T16:05:05',
  }),
  // 15: 20 minutes across midnight in Chicago, so the 3rd starts with a call in progress. It is already
  // morning in Berlin.
  ...inside({
    call: 15,
    leg: 1,
    from: dora,
    to: chidi,
    start: '2026-11-03T05:50:00',
    answer: '2026-11-03T05:50:05',
    release: '2026-11-03T06:10:05',
  }),
  // 16, 17: in the months before and after. None of the questions include them.
  ...farCall(16, '2026-10-31', { 'Caller mood': 'far' }),
  ...farCall(17, '2026-12-01'),
  // 19: calls to Dora also ring on two mobile phones, over two lines of the trunk. She answers at her desk.
  fromOutside({
    call: 19,
    leg: 1,
    owner: dora,
    start: '2026-11-03T21:00:00',
    answer: '2026-11-03T21:00:06',
    release: '2026-11-03T21:00:16',
  }),
  ...['+13125550161', '+13125550162'].map(
    (mobile, index): SampleRecord => ({
      call: 19,
      leg: 2 + index,
      side: 'ORIGINATING',
      owner: dora,
      other: mobile,
      callType: 'SIP_MOBILE',
      start: '2026-11-03T21:00:00',
      release: '2026-11-03T21:00:06',
      more: { 'Outbound trunk': 'Chicago SIP', 'Related reason': 'SimultaneousRingPersonal' },
    }),
  ),
]
