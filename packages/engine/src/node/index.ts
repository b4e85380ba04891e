export { machineBoot } from './machine-boot.ts'
export { nodePlatform } from './node-platform.ts'
export { steadyClock } from './steady-clock.ts'
