/** The script for real hardware, where there is none: over the fake library, beside a program that says otherwise. */
import { describe, expect, it } from 'vitest';
import { hasGcc } from './gcc.ts';
import { gpu, row, verify } from './run-verify.ts';

describe.skipIf(!hasGcc)('the check against nvidia-smi', () => {
  it('fails where a reading differs, is missing on one side, or a GPU is unknown to the other', async () => {
    const { status, lines } = await verify({ ...row, 'power.draw': '90.00', 'temperature.memory': '[N/A]' });
    expect(lines.filter((line) => line.startsWith('failed '))).toEqual([
      'failed  gpu 0 power: ours 412.345 (point), nvidia-smi 90.00',
      'failed  gpu 0 memory temperature: ours 52 (point), nvidia-smi [N/A]',
    ]);
    expect(lines.at(-1)).toBe('13 passed, 2 failed, 0 skipped');
    expect(status).toBe(1);
    const stranger = await verify({ ...row, uuid: 'GPU-9' });
    expect(stranger.lines).toContainEqual(`failed  gpu 0: nvidia-smi does not know ${gpu.uuid}`);
    expect(stranger.status).toBe(1);
  });
});
