import type { VirtualTime } from './virtual-time.ts'

/**
 * Wraps a port whose calls do real work, such as reading a file, so that virtual time stands still during
 * each.
 */
export function working<Port extends object>(port: Port, time: VirtualTime): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => time.work(Promise.resolve(Reflect.apply(member, target, args)))
    },
  })
}
