/** What an administrator does about each thing that a 403 may miss (API facts, section 2). */
export const controlHub = {
  role: 'In Control Hub (admin.webex.com), Management, Users: open the user who signed in, Administrator roles, and give the role "Webex Calling Detailed Call History API access"; then sign in again as that user.',
  scope:
    'At developer.webex.com, My Webex Apps, open the app and add the scope spark-admin:calling_cdr_read; then sign in again (`cdrstream login`), or for a service app authorize it again in Control Hub and generate new tokens. A bot token never has this scope.',
  app: 'In Control Hub (admin.webex.com), Management, Apps: a full administrator opens Service Apps (or Integrations), the app, and authorizes it for this org; then sign in again.',
} as const
