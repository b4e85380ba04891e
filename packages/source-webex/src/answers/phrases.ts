/** Sentences that the remedies of several answers share. */
export const between =
  'Something between this machine and Webex answered instead: a proxy, a firewall, or a sign-in page of the network.'
export const keepsTrying = 'You do not need to do anything: the request is retried.'
