import { expect, it } from 'vitest';
import { reasonText } from './reason-text.ts';

it.for([
  ['no-gpu', /--gpus all/],
  ['gpu-without-library', /NVIDIA_DRIVER_CAPABILITIES=utility/],
  ['ffi-not-installed', /koffi/],
  ['ffi-not-allowed', /--allow-addons/],
  ['helper-not-allowed', /--allow-child-process/],
  ['container-lost-devices', /daemon-reload/],
  ['library-unusable', /Alpine/],
] as const)('the remedy for %s names %s in both languages', ([reason, remedy]) => {
  expect(reasonText(reason, 'en').hint).toMatch(remedy);
  expect(reasonText(reason, 'zh-CN').hint).toMatch(remedy);
  expect(reasonText(reason, 'zh-CN').text).toMatch(/\p{Script=Han}/u);
});
