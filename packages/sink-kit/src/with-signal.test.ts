import { getEventListeners } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import { withSignal } from './with-signal.ts'

const never = () => new Promise<never>(() => {})

describe('withSignal', () => {
  test('returns the result of the work without abandoning it', async () => {
    const abandon = vi.fn()
    const { signal } = new AbortController()

    expect(await withSignal(signal, async () => 'done', abandon)).toBe('done')

    expect(abandon).not.toHaveBeenCalled()
    expect(getEventListeners(signal, 'abort')).toEqual([])
  })

  test('rejects with the error that the work throws', async () => {
    const fails = async () => Promise.reject(new Error('broken'))
    await expect(withSignal(new AbortController().signal, fails, () => {})).rejects.toThrow('broken')
  })

  test('abandons work that hangs when the signal is aborted, and rejects with the reason', async () => {
    const controller = new AbortController()
    const abandon = vi.fn()
    const settled = withSignal(controller.signal, never, abandon)

    controller.abort(new Error('too long'))

    await expect(settled).rejects.toThrow('too long')
    expect(abandon).toHaveBeenCalledOnce()
  })

  test('does not start the work if the signal is already aborted', async () => {
    const work = vi.fn(never)
    await expect(withSignal(AbortSignal.abort(new Error('too late')), work, () => {})).rejects.toThrow(
      'too late',
    )
    expect(work).not.toHaveBeenCalled()
  })
})
