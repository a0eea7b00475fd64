export { channelConformance, type ConformanceSetup, type RegisterTest } from './channel-conformance.ts';
export { collector, type Collector, type CollectorOptions } from './collector.ts';
export { sampleAlert, sampleNotification } from './sample-notification.ts';
export {
  startDingtalkDouble,
  type DingtalkDouble,
  type DingtalkDoubleOptions,
  type DingtalkMessage,
  type DingtalkRefusal,
} from './dingtalk-double.ts';
export {
  startAliyunSmsDouble,
  type AliyunSmsDouble,
  type AliyunSmsDoubleOptions,
  type ReceivedSms,
} from './aliyun-sms-double.ts';
