import type { Locale } from '@tidewatch/core';
import type { GpuReason } from './gpu-status.ts';

type TextKey = GpuReason | 'ok' | 'prices-outdated' | 'cpu-fallback';

/** What a reason means and what to do about it. */
export interface ReasonText {
  readonly text: string;
  /** The remedy, or why none is needed. */
  readonly hint: string;
}

const en: Readonly<Record<TextKey, ReasonText>> = {
  ok: { text: 'GPU readings are there', hint: 'nothing to do' },
  'cpu-fallback': {
    text: 'predictions flow, but this service holds no GPU memory: it seems to compute on the CPU',
    hint: 'look for a warning of the framework about CUDA or its execution provider',
  },
  'prices-outdated': {
    text: 'the prices of the option cost are older than half a year',
    hint: 'look them up again and renew cost.asOf',
  },
  off: { text: 'GPU readings are switched off', hint: "set source to 'auto' to switch them on" },
  closed: { text: 'the GPU monitor is closed', hint: 'create a new one' },
  'no-gpu': {
    text: 'no NVIDIA GPU on this machine',
    hint: 'nothing to do; in a container, start it with its GPUs (docker run --gpus all)',
  },
  'gpu-without-library': {
    text: 'an NVIDIA GPU is there, but libnvidia-ml is not',
    hint: 'install the NVIDIA driver; in a container, set NVIDIA_DRIVER_CAPABILITIES=utility or use CDI',
  },
  'library-not-found': {
    text: 'NVML is not at the path given',
    hint: 'correct libraryPath or TIDEWATCH_NVML_LIBRARY, or leave both out to search the usual places',
  },
  'library-unusable': {
    text: 'NVML is there but does not load',
    hint: 'the file may be empty (a broken container mount) or need glibc: use a Debian-based image, not Alpine',
  },
  'ffi-not-installed': {
    text: 'koffi, the optional package that calls NVML, does not load',
    hint: 'install without --omit=optional, or add koffi; with a bundler, keep koffi external',
  },
  'ffi-not-allowed': {
    text: 'Node may not load native code here',
    hint: 'leave out --no-addons, or add --allow-addons to --permission',
  },
  'helper-not-allowed': {
    text: 'the helper process that asks the driver may not start',
    hint: 'add --allow-child-process to --permission, and allow fork in the sandbox; a single executable cannot',
  },
  'unsupported-platform': {
    text: 'NVIDIA has no NVML for this operating system',
    hint: 'run on Linux or Windows, or pass a GpuSource of your own',
  },
  'driver-not-loaded': {
    text: 'the NVIDIA kernel driver is not loaded',
    hint: 'load it (modprobe nvidia) or reboot after an installation; it is tried again',
  },
  'no-devices': { text: 'the driver counts no GPU', hint: 'check the power and seating with nvidia-smi' },
  'none-selected': {
    text: 'this process may use none of the GPUs of this machine',
    hint: 'correct CUDA_VISIBLE_DEVICES or the option devices, which names GPUs by UUID',
  },
  suspended: {
    text: 'the GPU sleeps to save power',
    hint: "nothing to do: it is read once a program uses it. source: 'nvml' wakes it",
  },
  'driver-mismatch': {
    text: 'the NVIDIA library and kernel driver have different versions',
    hint: 'the driver was upgraded: reload its kernel module or reboot, and restart the container',
  },
  'container-lost-devices': {
    text: 'the container lost its GPU devices',
    hint: 'restart the container; it happens after systemctl daemon-reload, see nvidia-container-toolkit',
  },
  'no-permission': {
    text: 'this process may not ask the GPU',
    hint: 'give it access to /dev/nvidia*, by group or by the container runtime',
  },
  'driver-failed': { text: 'the NVIDIA driver answered an error', hint: 'compare with nvidia-smi and dmesg' },
  'devices-lost': {
    text: 'a GPU fell off the bus or needs a reset',
    hint: 'look for XID errors in dmesg; reset the GPU or reboot. The other GPUs are read as usual',
  },
  'devices-denied': {
    text: 'some GPUs may not be asked',
    hint: 'that is right when they belong to another container. The other GPUs are read as usual',
  },
  'read-timed-out': {
    text: 'the reading did not come in time',
    hint: 'the driver hangs (compare with nvidia-smi) or starts slowly: enable its persistence mode or raise timeoutMs. The service is not affected; it is tried again',
  },
  'helper-stuck': {
    text: 'the driver does not answer',
    hint: 'compare with nvidia-smi and dmesg; a reboot may be needed. The service is not affected',
  },
  'helper-not-started': {
    text: 'the helper process could not be started',
    hint: 'with a bundler, keep @tidewatch/gpu external; EAGAIN and EMFILE are limits (ulimit). It is tried again',
  },
  'helper-crashed': {
    text: 'the driver library crashed in the helper process',
    hint: 'nothing to do: it is started again. The service is not affected',
  },
  'helper-gave-up': {
    text: 'the driver library crashed 5 times in 10 minutes',
    hint: 'check the driver installation, then restart the service or call refresh()',
  },
  'smi-not-found': {
    text: 'there is no nvidia-smi in PATH',
    hint: 'install the NVIDIA driver; in a container, set NVIDIA_DRIVER_CAPABILITIES=utility or use CDI',
  },
  'smi-not-allowed': {
    text: 'nvidia-smi may not be started',
    hint: 'make it executable for this user, and add --allow-child-process to --permission',
  },
  'source-failed': {
    text: 'the GPU source threw an error',
    hint: 'see the field evidence; it is tried again',
  },
};

const zhCN: Readonly<Record<TextKey, ReasonText>> = {
  ok: { text: 'GPU 读数正常', hint: '无需处理' },
  'cpu-fallback': {
    text: '有预测产生，但本服务未占用任何 GPU 显存：似乎正在用 CPU 计算',
    hint: '请在日志中查找推理框架关于 CUDA 或执行提供程序的警告',
  },
  'prices-outdated': { text: 'cost 选项中的价格已超过半年', hint: '请重新核对价格并更新 cost.asOf' },
  off: { text: 'GPU 读数已关闭', hint: "将 source 设为 'auto' 即可开启" },
  closed: { text: 'GPU 监视器已关闭', hint: '请重新创建' },
  'no-gpu': {
    text: '本机没有 NVIDIA GPU',
    hint: '无需处理；若在容器中，请带上 GPU 启动(docker run --gpus all)',
  },
  'gpu-without-library': {
    text: '有 NVIDIA GPU，但缺少 libnvidia-ml',
    hint: '安装 NVIDIA 驱动；容器中请设置 NVIDIA_DRIVER_CAPABILITIES=utility 或使用 CDI',
  },
  'library-not-found': {
    text: '指定的路径上没有 NVML',
    hint: '更正 libraryPath 或 TIDEWATCH_NVML_LIBRARY，或都不设置以查找常用位置',
  },
  'library-unusable': {
    text: 'NVML 存在但无法加载',
    hint: '文件可能为空(容器挂载损坏)或需要 glibc：请使用基于 Debian 的镜像，而不是 Alpine',
  },
  'ffi-not-installed': {
    text: '调用 NVML 的可选依赖 koffi 无法加载',
    hint: '安装时不要使用 --omit=optional，或单独安装 koffi；使用打包工具时请将 koffi 设为外部依赖',
  },
  'ffi-not-allowed': {
    text: '此处不允许 Node 加载原生代码',
    hint: '去掉 --no-addons，或在 --permission 之外加上 --allow-addons',
  },
  'helper-not-allowed': {
    text: '不允许启动读取驱动的辅助进程',
    hint: '在 --permission 之外加上 --allow-child-process，并在沙箱中允许 fork；单文件可执行程序不支持',
  },
  'unsupported-platform': {
    text: 'NVIDIA 没有提供此操作系统的 NVML',
    hint: '请在 Linux 或 Windows 上运行，或传入自己的 GpuSource',
  },
  'driver-not-loaded': {
    text: 'NVIDIA 内核驱动未加载',
    hint: '加载驱动(modprobe nvidia)，或安装后重启；会自动重试',
  },
  'no-devices': { text: '驱动没有发现 GPU', hint: '用 nvidia-smi 检查供电与插接' },
  'none-selected': {
    text: '本进程不使用本机的任何 GPU',
    hint: '请更正 CUDA_VISIBLE_DEVICES 或 devices 选项(按 UUID 指定)',
  },
  suspended: {
    text: 'GPU 处于节能休眠状态',
    hint: "无需处理：有程序使用它时才会读取。source: 'nvml' 会唤醒它",
  },
  'driver-mismatch': {
    text: 'NVIDIA 库与内核驱动的版本不一致',
    hint: '驱动刚升级过：请重新加载内核模块或重启机器，并重启容器',
  },
  'container-lost-devices': {
    text: '容器失去了 GPU 设备',
    hint: '请重启容器；常见于 systemctl daemon-reload 之后，见 nvidia-container-toolkit',
  },
  'no-permission': {
    text: '本进程无权访问 GPU',
    hint: '通过用户组或容器运行时授予 /dev/nvidia* 的访问权限',
  },
  'driver-failed': { text: 'NVIDIA 驱动返回错误', hint: '请对照 nvidia-smi 与 dmesg' },
  'devices-lost': {
    text: '有 GPU 从总线脱落或需要复位',
    hint: '在 dmesg 中查看 XID 错误；复位 GPU 或重启机器。其余 GPU 照常读取',
  },
  'devices-denied': {
    text: '有 GPU 无权访问',
    hint: '若其属于其他容器则属正常。其余 GPU 照常读取',
  },
  'read-timed-out': {
    text: '未能及时得到读数',
    hint: '驱动可能挂起(请对照 nvidia-smi)，或启动缓慢：请开启持久模式或增大 timeoutMs。服务不受影响，会自动重试',
  },
  'helper-stuck': {
    text: '驱动没有响应',
    hint: '请对照 nvidia-smi 与 dmesg；可能需要重启机器。服务不受影响',
  },
  'helper-not-started': {
    text: '无法启动辅助进程',
    hint: '使用打包工具时请将 @tidewatch/gpu 设为外部依赖；EAGAIN 与 EMFILE 表示资源限制(ulimit)。会自动重试',
  },
  'helper-crashed': {
    text: '驱动库在辅助进程中崩溃',
    hint: '无需处理：会自动重新启动。服务不受影响',
  },
  'helper-gave-up': {
    text: '驱动库在 10 分钟内崩溃了 5 次',
    hint: '检查驱动安装，然后重启服务或调用 refresh()',
  },
  'smi-not-found': {
    text: 'PATH 中没有 nvidia-smi',
    hint: '安装 NVIDIA 驱动；容器中请设置 NVIDIA_DRIVER_CAPABILITIES=utility 或使用 CDI',
  },
  'smi-not-allowed': {
    text: '不允许启动 nvidia-smi',
    hint: '请为当前用户加上执行权限，并在 --permission 之外加上 --allow-child-process',
  },
  'source-failed': { text: 'GPU 数据源抛出错误', hint: '见 evidence 字段；会自动重试' },
};

const catalogue: Readonly<Record<Locale, Readonly<Record<TextKey, ReasonText>>>> = { en, 'zh-CN': zhCN };

/** What a reason means and what to do, in the reader's language; `ok` stands for no reason. */
export function reasonText(reason: TextKey, locale: Locale): ReasonText {
  return catalogue[locale][reason];
}
