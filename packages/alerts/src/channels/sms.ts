export { aliyunSms, type AliyunSmsOptions } from './aliyun-sms.ts';
