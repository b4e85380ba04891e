import { describe, expect, it } from 'vitest'
import { BodyMemory, type OpenBody } from './body-memory.ts'

/** Returns whether the promise is fulfilled once all pending work is done. */
async function isDone(promise: Promise<void>): Promise<boolean> {
  let done = false
  void promise.then(() => {
    done = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  return done
}

const memory = () => new BodyMemory({ pages: 2, bytes: 100 })

describe('bodies', () => {
  it('are decoded two at a time, in the order of their requests', async () => {
    const bodies = memory()
    const [one, two, three, four] = [bodies.open(), bodies.open(), bodies.open(), bodies.open()]
    expect(await isDone(one.decode())).toBe(true)
    expect(await isDone(two.decode())).toBe(true)
    const fourth = four.decode()
    const third = three.decode()
    expect(await isDone(fourth)).toBe(false)
    two.close()
    expect(await isDone(fourth)).toBe(true)
    expect(await isDone(third)).toBe(false)
    one.close()
    expect(await isDone(third)).toBe(true)
  })

  it('that are empty do not wait', async () => {
    const bodies = memory()
    bodies.open().hold(100)
    expect(await isDone(bodies.open().hold(0))).toBe(true)
  })

  it('that are still being received do not occupy a decoding slot', async () => {
    const bodies = memory()
    const slow = Array.from({ length: 10 }, () => bodies.open())
    for (const body of slow) expect(await isDone(body.hold(1))).toBe(true)
    expect(await isDone(bodies.open().decode())).toBe(true)
  })

  it('together hold no more bytes than allowed, and continue when memory is free', async () => {
    const bodies = memory()
    const [one, two] = [bodies.open(), bodies.open()]
    expect(await isDone(one.hold(60))).toBe(true)
    const more = two.hold(50)
    expect(await isDone(more)).toBe(false)
    one.close()
    expect(await isDone(more)).toBe(true)
  })

  it('free their share of the memory once they are decoded', async () => {
    const bodies = memory()
    const [one, two] = [bodies.open(), bodies.open()]
    await one.hold(100)
    const more = two.hold(50)
    await one.decode()
    expect(await isDone(more)).toBe(true)
  })

  it('never deadlock, because the first one continues regardless of its size', async () => {
    const bodies = memory()
    const [one, two] = [bodies.open(), bodies.open()]
    await one.hold(50)
    await two.hold(50)
    expect(await isDone(two.hold(50))).toBe(false)
    expect(await isDone(one.hold(1_000))).toBe(true)
  })

  it('are not held up by a request that has no body yet', async () => {
    const bodies = memory()
    const hanging: OpenBody = bodies.open()
    const [one, two] = [bodies.open(), bodies.open()]
    await one.hold(50)
    const more = two.hold(60)
    expect(await isDone(more)).toBe(false)
    expect(await isDone(one.hold(60))).toBe(true)
    hanging.close()
  })

  it('that are abandoned while waiting do not occupy a decoding slot', async () => {
    const bodies = memory()
    const [one, two, three, four] = [bodies.open(), bodies.open(), bodies.open(), bodies.open()]
    await one.decode()
    await two.decode()
    void three.decode()
    const fourth = four.decode()
    three.close()
    one.close()
    expect(await isDone(fourth)).toBe(true)
  })
})
