import type { Locale } from '@tidewatch/core';
import type { Access } from './access.ts';

/** What a person reads who may not see the page: why, and how its owner opens it. */
export function refusalText(access: Access, locale: Locale): string {
  if (typeof access === 'object') return texts[locale].token;
  return texts[locale][access === 'loopback' ? 'loopback' : 'function'];
}

const texts: Readonly<Record<Locale, Readonly<Record<'loopback' | 'token' | 'function', string>>>> = {
  en: {
    loopback:
      'Tidewatch answers this address only to requests from this machine itself, under a name such as localhost.\n' +
      "To open it, give createTidewatch the option access: { token }, a function that decides, or, to look only, 'any' behind a guard of your own.\n",
    token:
      'Tidewatch answers this address only to requests from this machine itself, and to those with the header\n' +
      'authorization: Bearer … and the token that createTidewatch was given.\n',
    function:
      'This request may not see Tidewatch: the option access of createTidewatch is a function, and it did not say yes.\n',
  },
  'zh-CN': {
    loopback:
      'Tidewatch 只向本机以 localhost 等名称发出的请求开放此地址。\n' +
      "如需开放,请给 createTidewatch 设置 access: { token } 或一个做判断的函数;若只供查看,可在自有防护之后设置 'any'。\n",
    token:
      'Tidewatch 只向本机发出的请求,以及带有 authorization: Bearer … 头且令牌与 createTidewatch 所设一致的请求开放此地址。\n',
    function: '此请求无权查看 Tidewatch:createTidewatch 的 access 选项是一个函数,它没有放行。\n',
  },
};
