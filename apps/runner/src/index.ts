export { nodePlatform } from './platform/node-platform.ts'
export { steadyClock } from './platform/steady-clock.ts'
