import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runService, startInService, startService } from './support/service-environment.ts'
import { busyMix, drain, type SimulatedApi, simulateApi } from './support/simulated-api.ts'

const uid = 61_234
const anotherUid = 61_235
const perfect = { missing: [], twice: 0, invented: 0 }

/** Changes the owner of the directory and everything in it. */
function give({ directory }: SimulatedApi, owner: number): void {
  execFileSync('chown', ['-R', `${owner}:${owner}`, directory])
}

/** Returns a simulated API whose directory belongs to the service user. */
async function apiOfService(seed: number): Promise<SimulatedApi> {
  const api = await simulateApi({ seed, recordsPerMinute: 20_000, mix: busyMix })
  chmodSync(api.directory, 0o700)
  give(api, uid)
  return api
}

// Only root can make its file system read-only and become another user.
if (process.getuid?.() === 0) {
  describe('a service user without HOME, on a read-only root', () => {
    test("can write only to the service's directory", async () => {
      await using api = await apiOfService(1)
      const tryToWrite = `for (const at of ['/', '/tmp', '/var/tmp', '/mnt', '/mnt/repository', '.']) {
        try { require('node:fs').writeFileSync(at + '/tried', ''); console.log(at) } catch {}
      }; console.log(process.getuid(), process.env.HOME ?? 'no HOME')`
      const { out } = await startInService({ directory: api.directory, uid }, ['node', '-e', tryToWrite])
        .ended
      expect(out).toBe(`.\n${uid} no HOME\n`)
    })

    test('can validate, run doctor, collect and report its status, and stops within 15 s with code 0', async () => {
      await using api = await apiOfService(2)
      const service = { directory: api.directory, uid }
      expect(await runService(service, 'validate')).toMatchObject({ code: 0 })
      const doctor = await runService(service, 'doctor', '--json', '--no-wait')
      expect(doctor.code, doctor.out).toBe(0)
      const collector = startService(service, 'run')
      await drain(api)
      const { shown } = await api.compare()
      await expect.poll(async () => (await api.compare()).delivered).toBe(shown)
      const status = await runService(service, 'status', '--json')
      expect(JSON.parse(status.out)).toMatchObject({ sinks: [{ position: shown }] })

      const stoppedMs = performance.now()
      collector.process.kill('SIGTERM')
      const { code, err } = await collector.ended
      expect(code, err).toBe(0)
      expect(performance.now() - stoppedMs).toBeLessThan(15_000)
      expect(await api.compare()).toMatchObject({ ...perfect, shown, delivered: shown })
      expect(shown).toBeGreaterThan(0)
      expect(statSync(join(api.directory, 'data/cdrstream.db')).uid).toBe(uid)
    })
  })

  test('after a restart as a different user, the collector lists the files that it cannot use, changes nothing, and continues once it owns them', async () => {
    await using api = await apiOfService(3)
    const first = startService({ directory: api.directory, uid }, 'run')
    await expect.poll(async () => (await api.compare()).delivered).toBeGreaterThan(500)
    first.process.kill('SIGTERM')
    expect((await first.ended).code).toBe(0)
    const { delivered } = await api.compare()

    // As after a changed `--user` or `runAsUser`, the new user can access the volume, but the files still
    // belong to the old user.
    const service = { directory: api.directory, uid: anotherUid }
    chownSync(api.directory, anotherUid, anotherUid)
    for (const command of [['run'], ['run', '--once'], ['status']]) {
      const { code, out, err } = await runService(service, ...command)
      expect({ code, out }, err).toEqual({ code: 2, out: '' })
      for (const line of err.trimEnd().split('\n')) {
        expect(line).toContain(`uid ${anotherUid}`)
        expect(line).toContain('/mnt/service/')
      }
    }
    expect((await api.compare()).delivered).toBe(delivered)

    give(api, anotherUid)
    const second = startService(service, 'run')
    await drain(api)
    const { shown } = await api.compare()
    await expect.poll(async () => (await api.compare()).delivered).toBe(shown)
    second.process.kill('SIGTERM')
    expect((await second.ended).code).toBe(0)
    expect(await api.compare()).toMatchObject(perfect)
    expect(shown).toBeGreaterThan(delivered)
    expect(api.simulator.rateViolations()).toEqual([])
  })
}
