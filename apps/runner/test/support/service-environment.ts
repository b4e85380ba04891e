import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CommandEnd, type StartedCommand, startProgram } from './start-command.ts'

const repository = fileURLToPath(new URL('../../../..', import.meta.url))

/**
 * Makes the whole file system read-only for the service, except its directory. Mounts Node and the repository
 * at other paths, because the service user may not have access to the original ones.
 */
const script = `set -e
node=$1 repository=$2 directory=$3 uid=$4
shift 4
mount -t tmpfs -o mode=0755 tmpfs /mnt
mkdir /mnt/node /mnt/repository /mnt/service
mount --bind "$node" /mnt/node
mount --bind "$repository" /mnt/repository
mount --bind "$directory" /mnt/service
for read_only in /mnt/node /mnt/repository /mnt /; do mount -o remount,bind,ro "$read_only"; done
cd /mnt/service
exec setpriv --reuid "$uid" --regid "$uid" --clear-groups --no-new-privs \\
  env -i PATH=/mnt/node:/usr/bin:/bin "$@"`

export interface Service {
  /** The only directory that the service can write to, mounted as `/mnt/service`. */
  readonly directory: string
  /** A user without an entry in the user database. */
  readonly uid: number
}

/** Starts a program like a service manager: as the service user, without HOME, on a read-only root. */
export function startInService(
  { directory, uid }: Service,
  program: readonly [string, ...string[]],
): StartedCommand {
  const given = [dirname(process.execPath), repository, directory, String(uid), ...program]
  return startProgram(
    ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', ...given],
    {
      directory,
    },
  )
}

/** Starts the built command in the service. */
export function startService(service: Service, ...args: readonly string[]): StartedCommand {
  return startInService(service, ['node', '/mnt/repository/apps/runner/bin/cdrstream.js', ...args])
}

export function runService(service: Service, ...args: readonly string[]): Promise<CommandEnd> {
  return startService(service, ...args).ended
}
