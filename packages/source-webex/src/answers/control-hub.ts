/** What an administrator does about each permission that may be missing on a 403 (API facts, section 2). */
export const controlHub = {
  role: 'In Control Hub (admin.webex.com) → Management → Users → the user who signed in → Administrator roles, assign the role "Webex Calling Detailed Call History API access". Then sign in again as that user.',
  scope:
    'At developer.webex.com → My Webex Apps → the app, add the scope spark-admin:calling_cdr_read. Then sign in again (`cdrstream login`); for a service app, authorize it again in Control Hub and generate new tokens. A bot token never has this scope.',
  app: 'In Control Hub (admin.webex.com) → Management → Apps → Service Apps (or Integrations) → the app, a full administrator authorizes it for this org. Then sign in again.',
} as const
