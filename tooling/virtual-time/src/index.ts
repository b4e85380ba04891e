export { ProcessClock, VirtualTime } from './virtual-time.ts'
export { working } from './working.ts'
