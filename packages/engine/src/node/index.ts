export { machineBoot } from './machine-boot.ts'
export { createNodePlatform } from './node-platform.ts'
export { createSteadyClock } from './steady-clock.ts'
