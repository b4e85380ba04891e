import {
  type Behaviour,
  type Fault,
  type FaultShares,
  type RecordMix,
  type SignInBehaviour,
  type SignInFaultShares,
  usualSignIn,
} from '@cdrstream/simulator'

/** The options of `cdrstream simulate`, as on the command line. */
export interface SimulateOptions {
  readonly port: number
  readonly orgs: number
  readonly token: string
  /** Records per minute for each org. */
  readonly rate: number
  readonly seed: number
  /** How long before startup the records begin, in milliseconds. */
  readonly history?: number
  /** The file to write at the end. */
  readonly ledger?: string

  /**
   * Whether orgs get their access tokens from the token endpoint, instead of having a token that never
   * expires.
   */
  readonly signIn?: boolean
  /** In milliseconds, not scaled. */
  readonly accessTokenLife?: number
  readonly refreshTokenLife?: number
  readonly rotation?: SignInBehaviour['rotation']
  readonly signInFault?: SignInFaultShares

  /** The divisor of all durations in the terms, the mix and the tokens. */
  readonly scale: number
  /** The terms, in milliseconds, not scaled. */
  readonly per?: number
  readonly settle?: number
  readonly retention?: number
  readonly maxWindow?: number
  readonly pageSize?: number

  readonly late?: number
  readonly repeated?: number
  readonly revised?: number
  readonly strange?: number

  readonly fault?: FaultShares

  readonly empty?: Behaviour['emptyAs']
  readonly link?: Behaviour['linkForm']
  readonly limit?: Behaviour['rateLimit']
  readonly order?: Behaviour['itemOrder']
  readonly endExclusive?: boolean
  readonly refuse?: Behaviour['refuse']
}

export const faultKinds: readonly Fault[] = [
  'server-error',
  'hang',
  'drop',
  'cut-headers',
  'cut',
  'slow',
  'malformed',
  'limited',
  'bad-link',
]

/** Omits options that are not set, because the simulator has its own defaults. */
function given<Options extends object>(
  options: {
    readonly [Key in keyof Options]: Options[Key] | undefined
  },
): Partial<Options> {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as Partial<Options>
}

export function mixOf({ late, repeated, revised, strange }: SimulateOptions): Partial<RecordMix> {
  return given<RecordMixShares>({
    lateShare: late,
    repeatShare: repeated,
    revisionShare: revised,
    strangeShare: strange,
  })
}

type RecordMixShares = Pick<RecordMix, 'lateShare' | 'repeatShare' | 'revisionShare' | 'strangeShare'>

export function behaviourOf({
  empty,
  link,
  limit,
  order,
  endExclusive,
  refuse,
}: SimulateOptions): Partial<Behaviour> {
  return given<
    Pick<Behaviour, 'emptyAs' | 'linkForm' | 'rateLimit' | 'itemOrder' | 'endInclusive' | 'refuse'>
  >({
    emptyAs: empty,
    linkForm: link,
    rateLimit: limit,
    itemOrder: order,
    endInclusive: endExclusive === true ? false : undefined,
    refuse,
  })
}

export function signInOf({
  scale,
  accessTokenLife,
  refreshTokenLife,
  rotation,
}: SimulateOptions): Partial<SignInBehaviour> {
  return {
    accessTokenMs: accessTokenLife ?? usualSignIn.accessTokenMs / scale,
    refreshTokenMs: refreshTokenLife ?? usualSignIn.refreshTokenMs / scale,
    ...given<Pick<SignInBehaviour, 'rotation'>>({ rotation }),
  }
}
