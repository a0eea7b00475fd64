/** Keys of Alertmanager 0.34 that are understood there and not here yet, by the place where they stand. */
const keys: Readonly<Record<string, readonly string[]>> = {
  top: ['templates', 'tracing'],
  route: ['labels'],
  receiver: [
    'opsgenie_configs',
    'victorops_configs',
    'pushover_configs',
    'wechat_configs',
    'sns_configs',
    'telegram_configs',
    'webex_configs',
    'msteams_configs',
    'msteamsv2_configs',
    'discord_configs',
    'jira_configs',
    'rocketchat_configs',
    'mattermost_configs',
    'incidentio_configs',
  ],
  channel: [
    'http_config',
    'tls_config',
    'headers',
    'html',
    'text',
    'hello',
    'auth_secret',
    'auth_identity',
    'threading',
    'timeout',
  ],
  global: [
    'http_config',
    'smtp_hello',
    'smtp_auth_secret',
    'smtp_auth_identity',
    'smtp_tls_config',
    'opsgenie_api_key',
    'opsgenie_api_url',
    'wechat_api_url',
    'wechat_api_secret',
    'telegram_api_url',
  ],
};

/** Keys that deserve "not supported yet" instead of "unknown". */
export const notSupportedYet: ReadonlySet<string> = new Set(Object.values(keys).flat());
