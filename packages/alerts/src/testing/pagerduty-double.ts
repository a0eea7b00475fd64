import { bodyOf, startServiceDouble, type ServiceDouble } from './service-double.ts';

/** An event that PagerDuty took. */
export interface PagerdutyEvent {
  readonly event_action: 'trigger' | 'acknowledge' | 'resolve';
  readonly dedup_key: string;
  readonly payload: { readonly summary: string; readonly source: string; readonly severity: string };
}

/** PagerDuty's Events API v2 on this machine. `open` holds the incidents that are not resolved. */
export async function startPagerdutyDouble(
  routingKey: string,
): Promise<ServiceDouble<PagerdutyEvent> & { readonly url: string; readonly open: ReadonlySet<string> }> {
  const open = new Set<string>();
  const double = await startServiceDouble<PagerdutyEvent>((request) => {
    const refuse = (error: string): { refuse: string; status: number; answer: object } => ({
      refuse: error,
      status: 400,
      answer: { status: 'invalid event', message: 'Event object is invalid', errors: [error] },
    });
    const body = bodyOf(request);
    if (Buffer.byteLength(request.body) > 512_000) return { ...refuse('size'), status: 413 };
    if (body['routing_key'] !== routingKey)
      return refuse("Length of 'routing_key' is incorrect (should be 32 characters)");
    const event = body as unknown as PagerdutyEvent;
    const { event_action: action, dedup_key: key, payload } = event;
    if (!['trigger', 'acknowledge', 'resolve'].includes(action)) return refuse("'event_action' is invalid");
    if (!key || key.length > 255) return refuse("'dedup_key' is invalid");
    if (!payload?.summary || payload.summary.length > 1024) return refuse("'payload.summary' is invalid");
    if (!payload.source || !['critical', 'error', 'warning', 'info'].includes(payload.severity))
      return refuse(
        "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
      );
    if (action === 'trigger') open.add(key);
    if (action === 'resolve') open.delete(key);
    return {
      accept: event,
      status: 202,
      answer: { status: 'success', message: 'Event processed', dedup_key: key },
    };
  });
  return { ...double, url: `${double.origin}/v2/enqueue`, open };
}
