export { aliyunSms, type AliyunSmsOptions } from './aliyun-sms.ts';
export { tencentSms, type TencentSmsOptions } from './tencent-sms.ts';
export { twilioSms, type TwilioSmsOptions } from './twilio-sms.ts';
