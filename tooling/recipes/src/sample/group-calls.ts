import { fromOutside, inside, ring } from './legs.ts'
import { ada, bela, dora, orders, reception } from './parties.ts'
import type { SampleRecord } from './write-record.ts'

/** The sample calls that involve the queue or the hunt group. */
export const groupCalls: readonly SampleRecord[] = [
  // 7: the queue rings Ada, who does not answer, then Bela, who talks for 240 seconds.
  fromOutside({
    call: 7,
    leg: 1,
    owner: orders,
    start: '2026-11-02T17:00:00',
    answer: '2026-11-02T17:00:00',
    release: '2026-11-02T17:04:30',
  }),
  ...ring({
    call: 7,
    leg: 2,
    group: orders,
    to: ada,
    start: '2026-11-02T17:00:10',
    release: '2026-11-02T17:00:25',
  }),
  ...ring({
    call: 7,
    leg: 3,
    group: orders,
    to: bela,
    start: '2026-11-02T17:00:25',
    answer: '2026-11-02T17:00:30',
    release: '2026-11-02T17:04:30',
  }),
  // 8: the queue rings Ada twice. The customer hangs up after 45 seconds. The queue's own record says
  // "answered".
  fromOutside({
    call: 8,
    leg: 1,
    owner: orders,
    start: '2026-11-02T17:30:00',
    answer: '2026-11-02T17:30:00',
    release: '2026-11-02T17:30:45',
  }),
  ...ring({
    call: 8,
    leg: 2,
    group: orders,
    to: ada,
    start: '2026-11-02T17:30:05',
    release: '2026-11-02T17:30:20',
  }),
  ...ring({
    call: 8,
    leg: 3,
    group: orders,
    to: ada,
    start: '2026-11-02T17:30:25',
    release: '2026-11-02T17:30:45',
  }),
  // 9: the customer hangs up after 15 seconds, before any agent was rung.
  fromOutside({
    call: 9,
    leg: 1,
    owner: orders,
    start: '2026-11-03T18:00:00',
    answer: '2026-11-03T18:00:00',
    release: '2026-11-03T18:00:15',
  }),
  // 10: the hunt group rings three people at once, and Dora answers first.
  fromOutside({
    call: 10,
    leg: 1,
    owner: reception,
    start: '2026-11-02T18:00:00',
    answer: '2026-11-02T18:00:00',
    release: '2026-11-02T18:01:00',
  }),
  ...[ada, bela].flatMap((member, index) =>
    ring(
      {
        call: 10,
        leg: 2 + index,
        group: reception,
        to: member,
        start: '2026-11-02T18:00:00',
        release: '2026-11-02T18:00:06',
      },
      { 'Answered elsewhere': 'Yes' },
    ),
  ),
  ...ring({
    call: 10,
    leg: 4,
    group: reception,
    to: dora,
    start: '2026-11-02T18:00:00',
    answer: '2026-11-02T18:00:06',
    release: '2026-11-02T18:01:00',
  }),
  // Her second phone also rang, but the call was not answered by a colleague.
  ...ring(
    {
      call: 10,
      leg: 5,
      group: reception,
      to: dora,
      start: '2026-11-02T18:00:00',
      release: '2026-11-02T18:00:06',
    },
    { 'Answered elsewhere': 'Yes' },
  ),
  // 11: Bela answers and transfers the customer to the queue, where he hangs up after 60 seconds.
  fromOutside({
    call: 11,
    leg: 1,
    owner: bela,
    start: '2026-11-03T19:00:00',
    answer: '2026-11-03T19:00:05',
    release: '2026-11-03T19:00:35',
  }),
  ...inside(
    {
      call: 11,
      leg: 2,
      from: bela,
      to: orders,
      start: '2026-11-03T19:00:35',
      answer: '2026-11-03T19:00:35',
      release: '2026-11-03T19:01:35',
    },
    { 'Related reason': 'Deflection', 'Redirect reason': 'Deflection' },
  ),
  // 18: no one is logged in to the hunt group, and it does not answer the call. No person missed it.
  fromOutside({
    call: 18,
    leg: 1,
    owner: reception,
    start: '2026-11-03T20:00:00',
    release: '2026-11-03T20:00:20',
  }),
  // 20: Bela answers and transfers the customer to the hunt group, which rings Ada, and Dora on both of her
  // lines. Ada answers first, not Bela, who answered before the transfer.
  fromOutside({
    call: 20,
    leg: 1,
    owner: bela,
    start: '2026-11-03T22:00:00',
    answer: '2026-11-03T22:00:05',
    release: '2026-11-03T22:00:30',
  }),
  ...inside(
    {
      call: 20,
      leg: 2,
      from: bela,
      to: reception,
      start: '2026-11-03T22:00:30',
      answer: '2026-11-03T22:00:30',
      release: '2026-11-03T22:01:36',
    },
    { 'Related reason': 'Deflection', 'Redirect reason': 'Deflection' },
  ),
  ...ring({
    call: 20,
    leg: 3,
    group: reception,
    to: ada,
    start: '2026-11-03T22:00:30',
    answer: '2026-11-03T22:00:36',
    release: '2026-11-03T22:01:36',
  }),
  ...[4, 5].flatMap((leg) =>
    ring(
      {
        call: 20,
        leg,
        group: reception,
        to: dora,
        start: '2026-11-03T22:00:30',
        release: '2026-11-03T22:00:36',
      },
      { 'Answered elsewhere': 'Yes' },
    ),
  ),
  // 21: starts on the 3rd in Chicago. The queue's record has arrived, but not the agent's. The call ended 50
  // minutes before the time through which the sample is complete.
  fromOutside({
    call: 21,
    leg: 1,
    owner: orders,
    start: '2026-11-04T05:55:00',
    answer: '2026-11-04T05:55:00',
    release: '2026-11-04T07:20:00',
  }),
  // 22: abandoned on the next day, before call 21 ended.
  fromOutside({
    call: 22,
    leg: 1,
    owner: orders,
    start: '2026-11-04T06:30:00',
    answer: '2026-11-04T06:30:00',
    release: '2026-11-04T06:31:00',
  }),
  // 23: enters the queue on the 1st in Chicago, ten seconds before midnight. Bela's phone rings on the 2nd,
  // and the customer hangs up.
  fromOutside({
    call: 23,
    leg: 1,
    owner: orders,
    start: '2026-11-02T05:59:50',
    answer: '2026-11-02T05:59:50',
    release: '2026-11-02T06:00:20',
  }),
  ...ring({
    call: 23,
    leg: 2,
    group: orders,
    to: bela,
    start: '2026-11-02T06:00:05',
    release: '2026-11-02T06:00:20',
  }),
]
