import { guardedLogger, silentLogger, systemClock, type Clock, type Logger } from '@tidewatch/core';
import { randomUUID } from 'node:crypto';
import { dockerRequest } from './docker/docker-request.ts';
import type { ReplicaState, ScaleTarget } from './scale-target.ts';
import { settlingTarget } from './settling-target.ts';
import { TargetError } from './target-error.ts';

export { TargetError } from './target-error.ts';
export type { ReplicaState, ScaleTarget } from './scale-target.ts';

export interface DockerTargetOptions {
  /** Names the group of containers: a label tells them from all others. */
  readonly group: string;
  /**
   * What each replica is, as `POST /containers/create` of the Engine API takes it: at least `Image`. Labels and
   * name are added.
   *
   * @see https://docs.docker.com/reference/api/engine/
   */
  readonly container: Readonly<Record<string, unknown>> & { readonly Image: string };
  /** Where the Engine API listens. @defaultValue '/var/run/docker.sock' */
  readonly socketPath?: string;
  /** Time from SIGTERM to SIGKILL for a replica that is no longer wanted, in seconds. @defaultValue 30 */
  readonly stopTimeoutSeconds?: number;
  /** Longest wait for one answer, a stop apart. @defaultValue 10_000 */
  readonly timeoutMs?: number;
  /** Pause between two looks at a change under way. @defaultValue 500 */
  readonly pollMs?: number;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** The parts we use of an entry of `GET /containers/json`. */
interface Container {
  readonly Id: string;
  readonly Created: number;
  readonly State: string;
  /** `Up 3 seconds (health: starting)`: the health is nowhere else in the list. */
  readonly Status: string;
}

const GROUP_LABEL = 'tidewatch.group';

/**
 * Containers of one image on one machine, by the Engine API over its Unix socket. A container with a health check
 * is ready when it is healthy. Surplus ones get SIGTERM, the newest first, and are removed when they have ended.
 *
 * Whatever balances the load in front of them has to find the containers by itself: they carry the label
 * `tidewatch.group`.
 */
export function dockerTarget(options: DockerTargetOptions): ScaleTarget {
  const { group, container, socketPath = '/var/run/docker.sock', stopTimeoutSeconds = 30 } = options;
  const { timeoutMs = 10_000, pollMs = 500, clock = systemClock } = options;
  const logger = guardedLogger(options.logger ?? silentLogger);
  const request = dockerRequest({ socketPath, timeoutMs });
  const filters = encodeURIComponent(JSON.stringify({ label: [`${GROUP_LABEL}=${group}`] }));
  /** Told to stop by us; Docker itself does not say so. */
  const leaving = new Map<string, Promise<void>>();
  let desired: number | undefined;

  async function list(signal: AbortSignal): Promise<readonly Container[]> {
    const found = await request('GET', `/containers/json?all=true&filters=${filters}`, undefined, signal);
    if (!Array.isArray(found))
      throw new TargetError('bad-answer', 'docker: the list of containers is no list');
    return found as Container[];
  }

  async function observe(signal: AbortSignal): Promise<ReplicaState> {
    const containers = await list(signal);
    const staying = containers.filter(({ Id }) => !leaving.has(Id));
    // Until we are told a number, it is what there is.
    desired ??= staying.filter(isAlive).length;
    const ready = staying.filter(isReady).length;
    return {
      desired,
      ready: Math.min(ready, desired),
      starting: Math.max(0, desired - ready),
      draining: containers.length - staying.length + Math.max(0, ready - desired),
      crashLooping: Math.min(Math.max(0, desired - ready), staying.filter(isFailing).length),
    };
  }

  async function change(replicas: number, signal: AbortSignal): Promise<void> {
    desired = replicas;
    const containers = (await list(signal)).filter(({ Id }) => !leaving.has(Id));
    const dead = containers.filter((each) => !isAlive(each));
    for (const { Id } of dead) leave(Id, () => remove(Id));
    const alive = containers.filter(isAlive).toSorted((a, b) => b.Created - a.Created);
    // Those that do not serve yet are the cheapest to lose.
    const cheapestFirst = alive.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
    for (const { Id } of cheapestFirst.slice(0, Math.max(0, alive.length - replicas)))
      leave(Id, () => stop(Id));
    for (let count = alive.length; count < replicas; count++) await start(signal);
  }

  async function start(signal: AbortSignal): Promise<void> {
    const labels = { ...(container['Labels'] as object | undefined), [GROUP_LABEL]: group };
    const name = `${group}-${randomUUID().slice(0, 8)}`;
    const body = { ...container, Labels: labels };
    const created = await request('POST', `/containers/create?name=${name}`, body, signal);
    const { Id } = created as { Id?: unknown };
    if (typeof Id !== 'string') throw new TargetError('bad-answer', 'docker: a new container has no id');
    await request('POST', `/containers/${Id}/start`, undefined, signal);
  }

  /** Goes on when the caller has given up: a container that was told to stop has to be removed. */
  function leave(id: string, go: () => Promise<void>): void {
    const gone = go()
      .catch((error: unknown) => logger.warn({ error }, 'docker: a container could not be removed'))
      .finally(() => leaving.delete(id));
    leaving.set(id, gone);
  }

  async function stop(id: string): Promise<void> {
    const longMs = stopTimeoutSeconds * 1000 + timeoutMs;
    const signal = AbortSignal.timeout(longMs);
    await request('POST', `/containers/${id}/stop?t=${stopTimeoutSeconds}`, undefined, signal, longMs);
    await remove(id);
  }

  async function remove(id: string): Promise<void> {
    await request('DELETE', `/containers/${id}?v=true`, undefined, AbortSignal.timeout(timeoutMs));
  }

  const target = settlingTarget({
    name: 'docker',
    observe,
    change,
    pause: (signal) => clock.sleep(pollMs, signal),
  });
  return {
    ...target,
    /** Waits for those that are on their way out. The others stay. */
    async close() {
      await Promise.all(leaving.values());
    },
  };
}

function isAlive({ State }: Container): boolean {
  return State === 'running' || State === 'restarting' || State === 'created' || State === 'paused';
}

function isReady({ State, Status }: Container): boolean {
  return State === 'running' && !Status.includes('(health: starting)') && !Status.includes('(unhealthy)');
}

/** Docker restarts it again and again, or it has ended by itself. */
function isFailing({ State }: Container): boolean {
  return State === 'restarting' || State === 'exited' || State === 'dead';
}
