import { expectTypeOf, it } from 'vitest';
import {
  createClassifierMonitor,
  createForwardingRecorder,
  requestMetrics,
  type ClassifierRecorder,
  type Proportion,
} from '../src/index.ts';

const monitor = createClassifierMonitor({ model: 'pets' });

it('hands on the type of what the classifier answers', () => {
  expectTypeOf(monitor.classify(() => ({ predicted: 'cat', boxes: 3 }))).resolves.toEqualTypeOf<{
    predicted: string;
    boxes: number;
  }>();
  expectTypeOf(
    monitor.classify(async () => 7, { read: (n) => ({ predicted: n.toFixed() }) }),
  ).resolves.toBeNumber();
});

it('makes people look at what may be undefined', () => {
  expectTypeOf(monitor.snapshot().accuracy).toEqualTypeOf<Proportion | undefined>();
});

it('lets a monitor and a worker’s line to it stand for each other', () => {
  expectTypeOf(monitor).toExtend<ClassifierRecorder>();
  expectTypeOf(createForwardingRecorder).returns.toExtend<ClassifierRecorder & AsyncDisposable>();
  expectTypeOf(requestMetrics).returns.toBeCallableWith({} as never, {} as never);
});
