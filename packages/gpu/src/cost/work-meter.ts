/** How fast GPU time, energy and money run at the moment; a rate that is not known is absent. */
export interface UseRates {
  /** GPU-seconds in a second: the number of GPUs. */
  readonly gpus?: number;
  readonly watts?: number;
  readonly costPerSecond?: number;
}

/** What was used: the integral of {@link UseRates}. A part that was unknown for a while is absent. */
export interface UsedAmounts {
  readonly gpuSeconds?: number;
  readonly joules?: number;
  readonly cost?: number;
}

/** Shares GPU time between the pieces of work that are under way. */
export interface WorkMeter {
  /** The rates from now on. */
  setRates(nowMs: number, rates: UseRates): void;
  /** Begins a piece of work. The function it answers ends it and tells what it used; later calls tell the same. */
  begin(nowMs: number): (nowMs: number) => UsedAmounts;
}

interface Integral {
  total: number;
  /** How often the rate has been unknown while work was under way. */
  gaps: number;
}

/**
 * A meter in which pieces of work that overlap share the GPUs equally at every moment, so that the sum over
 * all pieces is never more than what the GPUs did. A begin or an end costs the same however many are open.
 */
export function createWorkMeter(): WorkMeter {
  let lastMs = 0;
  let open = 0;
  let rates: UseRates = {};
  const gpuSeconds: Integral = { total: 0, gaps: 0 };
  const joules: Integral = { total: 0, gaps: 0 };
  const cost: Integral = { total: 0, gaps: 0 };

  function advance(nowMs: number): void {
    const seconds = Math.max(0, nowMs - lastMs) / 1000; // a clock set back takes nothing away
    lastMs = nowMs;
    if (open === 0 || seconds === 0) return;
    add(gpuSeconds, rates.gpus, seconds / open);
    add(joules, rates.watts, seconds / open);
    add(cost, rates.costPerSecond, seconds / open);
  }

  return {
    setRates(nowMs, next) {
      advance(nowMs);
      rates = next;
    },
    begin(nowMs) {
      advance(nowMs);
      open++;
      const before = [{ ...gpuSeconds }, { ...joules }, { ...cost }] as const;
      let used: UsedAmounts | undefined;
      return (endMs) => {
        if (used !== undefined) return used;
        advance(endMs);
        open--;
        const [g, j, c] = before;
        used = {
          ...part('gpuSeconds', g, gpuSeconds, rates.gpus),
          ...part('joules', j, joules, rates.watts),
          ...part('cost', c, cost, rates.costPerSecond),
        };
        return used;
      };
    },
  };
}

function add(integral: Integral, rate: number | undefined, seconds: number): void {
  if (rate === undefined) integral.gaps++;
  else integral.total += rate * seconds;
}

/** What was added since; nothing where a rate was unknown, be it only at the end of no time at all. */
function part(
  name: keyof UsedAmounts,
  before: Integral,
  now: Integral,
  rate: number | undefined,
): UsedAmounts {
  return rate === undefined || now.gaps > before.gaps ? {} : { [name]: now.total - before.total };
}
