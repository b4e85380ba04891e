import { writeFileSync } from 'node:fs'
import { apiBehaviourFile, renderApiBehaviour } from './render-api-behaviour.ts'

writeFileSync(apiBehaviourFile, renderApiBehaviour())
