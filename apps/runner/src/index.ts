export { createNodePlatform, createSteadyClock } from '@cdrstream/engine/node'
