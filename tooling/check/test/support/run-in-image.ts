import { type ChildProcess, spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'

/**
 * Makes a root file system like that of the image, with the programs of this machine in place of those of the
 * base image, and starts a program in it as the user of the image.
 */
const script = `set -e
root=$1 node=$2 bundle=$3 data=$4 configuration=$5 user=$6
shift 6
mount -t tmpfs -o mode=0755 tmpfs "$root"
cd "$root"
mkdir -p usr proc dev etc/cdrstream tmp opt/cdrstream data
for directory in bin sbin lib lib64; do
  if [ -L "/$directory" ]; then cp -P "/$directory" .
  elif [ -d "/$directory" ]; then mkdir "$directory"; mount --bind "/$directory" "$directory"; fi
done
mount --bind /usr usr
mount -t tmpfs tmpfs usr/local
mkdir usr/local/bin
touch usr/local/bin/node
mount --bind "$node" usr/local/bin/node
ln -s /opt/cdrstream/bin/cdrstream usr/local/bin/cdrstream
mount --bind "$bundle" opt/cdrstream
mount --bind "$configuration" etc/cdrstream
mount --rbind /proc proc
mount --rbind /dev dev
for read_only in usr usr/local opt/cdrstream etc/cdrstream .; do mount -o remount,bind,ro "$read_only"; done
mount --bind "$data" data
exec chroot --userspec="$user" --groups= . /usr/bin/env -i --chdir=/data \\
  PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin NODE_ENV=production "$@"`

export interface Image {
  /** An empty directory for the root. */
  readonly root: string
  /** The directory to mount at `/opt/cdrstream`. */
  readonly bundle: string
  /** The volume `/data`. */
  readonly data: string
  /** The directory to mount at `/etc/cdrstream`. */
  readonly configuration: string
  /** The user, as in the `USER` instruction. */
  readonly user: string
}

export interface Started {
  readonly process: ChildProcess
  readonly output: () => string
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>
}

/** Starts a program in the image. Requires root. */
export function startInImage(image: Image, program: readonly string[]): Started {
  const given = [image.root, process.execPath, image.bundle, image.data, image.configuration, image.user]
  const args = ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', ...given, ...program]
  const child = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const ended = new Promise<{ readonly code: number | null; readonly output: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output }))
  })
  return { process: child, output: () => output, ended }
}

export function runInImage(image: Image, program: readonly string[]): Started['ended'] {
  return startInImage(image, program).ended
}
