export { ProcessClock, VirtualTime } from './virtual-time.ts'
