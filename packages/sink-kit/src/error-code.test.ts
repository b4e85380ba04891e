import { expect, test } from 'vitest'
import { errorCode } from './error-code.ts'

test.each([
  [Object.assign(new Error(), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
  [Object.assign(new Error(), { code: 5 }), undefined],
  [new Error('ECONNREFUSED'), undefined],
  [{ code: 'ECONNREFUSED' }, undefined],
  [undefined, undefined],
])('the error code of %o is %j', (error, code) => {
  expect(errorCode(error)).toBe(code)
})
