import type { Locale } from '@tidewatch/core';
import type { Access } from './access.ts';

/** What a person reads who may not see the page: why, and how its owner opens it. */
export function refusalText(access: Access, locale: Locale): string {
  return texts[locale][access === 'loopback' ? 'loopback' : 'function'];
}

const texts: Readonly<Record<Locale, Readonly<Record<'loopback' | 'function', string>>>> = {
  en: {
    loopback:
      'Tidewatch answers this address only to requests from this machine itself, under a name such as localhost.\n' +
      "To open it, give createTidewatch the option access: 'any' behind a guard of your own, or a function that decides.\n",
    function:
      'This request may not see Tidewatch: the option access of createTidewatch is a function, and it did not say yes.\n',
  },
  'zh-CN': {
    loopback:
      'Tidewatch 只向本机以 localhost 等名称发出的请求开放此地址。\n' +
      "如需开放,请在自有防护之后给 createTidewatch 设置 access: 'any',或传入一个做判断的函数。\n",
    function: '此请求无权查看 Tidewatch:createTidewatch 的 access 选项是一个函数,它没有放行。\n',
  },
};
