/** Where NVML may lie, most likely first. Empty where NVIDIA ships none. */
export function libraryCandidates(
  platform: NodeJS.Platform,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  if (platform === 'linux') {
    return [
      'libnvidia-ml.so.1', // never `.so`: only the development package has that
      '/usr/lib/wsl/lib/libnvidia-ml.so.1',
      '/usr/local/nvidia/lib64/libnvidia-ml.so.1', // Google Kubernetes Engine
      '/run/nvidia/driver/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1', // GPU operator
      '/run/nvidia/driver/usr/lib/aarch64-linux-gnu/libnvidia-ml.so.1',
    ];
  }
  if (platform === 'win32') {
    const system = env['SystemRoot'] ?? 'C:\\Windows';
    const programs = env['ProgramW6432'] ?? 'C:\\Program Files';
    return [`${system}\\System32\\nvml.dll`, `${programs}\\NVIDIA Corporation\\NVSMI\\nvml.dll`];
  }
  return [];
}
