export { nodePlatform, steadyClock } from '@cdrstream/engine/node'
