import { abroad, fromOutside, ring } from './legs.ts'
import { ada, bela, dora, orders } from './parties.ts'
import type { SampleRecord } from './write-record.ts'

/**
 * Returns a call that every question would count if it covered this day: missed, answered elsewhere, long,
 * and forwarded abroad.
 */
export function farCall(call: number, day: string, more: SampleRecord['more'] = {}): readonly SampleRecord[] {
  const at = (time: string) => `${day}T${time}`
  return [
    fromOutside({
      call,
      leg: 1,
      owner: orders,
      start: at('18:00:00'),
      answer: at('18:00:00'),
      release: at('18:30:16'),
      more,
    }),
    ...ring({ call, leg: 2, group: orders, to: bela, start: at('18:00:00'), release: at('18:00:10') }),
    ...ring(
      { call, leg: 3, group: orders, to: ada, start: at('18:00:10'), release: at('18:00:16') },
      { 'Answered elsewhere': 'Yes' },
    ),
    ...ring({
      call,
      leg: 4,
      group: orders,
      to: dora,
      start: at('18:00:10'),
      answer: at('18:00:16'),
      release: at('18:30:16'),
    }),
    abroad({
      call,
      leg: 5,
      owner: dora,
      other: '+442079460125',
      country: 'GB',
      trunk: 'Chicago SIP',
      start: at('18:30:16'),
      answer: at('18:30:20'),
      release: at('18:31:20'),
    }),
  ]
}
