/** Sentences shared by several remedies. */
export const between =
  'Something between this machine and Webex answered instead: a proxy, a firewall, or a captive portal.'
export const keepsTrying = 'You do not need to do anything: the request is retried.'
