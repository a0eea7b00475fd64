import { defineConfig } from 'tsup';
import { nodeLibrary } from '../../tools/node-library.ts';

export default defineConfig(
  nodeLibrary([
    'src/index.ts',
    'src/testing/index.ts',
    'src/channels/dingtalk.ts',
    'src/channels/email.ts',
    'src/channels/sms.ts',
    'src/channels/feishu.ts',
    'src/channels/wecom.ts',
    'src/channels/slack.ts',
    'src/channels/pagerduty.ts',
    'src/channels/webhook.ts',
    'src/channels/alertmanager.ts',
  ]),
);
