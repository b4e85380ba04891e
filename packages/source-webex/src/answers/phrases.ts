/** What the operator is told of several answers. */
export const between =
  'Something between this machine and Webex answers in its place: a proxy, a firewall, a sign-in page of the network.'
export const keepsTrying = 'Nothing has to be done: it is tried again.'
