import type { Labels } from '@tidewatch/core';
import type { JSX } from 'preact';
import type { ListData } from '../data/page-data.ts';
import type { AlertView } from '../data/views.ts';
import { EmptyNote } from './empty-note.tsx';
import { clockTime, say } from './words.ts';

interface AlertListProps {
  readonly alerts: ListData<AlertView>;
  readonly nowMs: number;
}

/** Every alert with its state, its value and who was told. */
export function AlertList({ alerts, nowMs }: AlertListProps): JSX.Element {
  return (
    <article class="card list" data-testid="alerts" data-state={alerts.state}>
      <h3>{say('alerts.title')}</h3>
      {alerts.state === 'not-configured' && (
        <EmptyNote answer={{ state: 'empty', reason: 'not-configured' }} />
      )}
      {alerts.state === 'error' && <EmptyNote answer={{ state: 'error' }} />}
      {alerts.state === 'ok' &&
        (alerts.items.length === 0 ? (
          <p class="none">{say('alerts.none')}</p>
        ) : (
          <ul class="scroll" tabIndex={0}>
            {alerts.items.map((alert) => (
              <Alert key={keyOf(alert)} alert={alert} nowMs={nowMs} />
            ))}
          </ul>
        ))}
    </article>
  );
}

function Alert({ alert, nowMs }: { readonly alert: AlertView; readonly nowMs: number }): JSX.Element {
  const { name, state, labels, annotations, value, deliveredTo } = alert;
  return (
    <li data-testid="alert" data-state={state} data-name={name}>
      <span class={`badge ${state}`}>{say(`alerts.${state}`)}</span>
      <div class="text">
        <b class="label">{name}</b> <span class="labels">{labelText(labels)}</span>
        <p class="label">{annotations['summary'] ?? annotations['description'] ?? ''}</p>
        <p class="facts">{facts(alert, value, nowMs).join(' · ')}</p>
        <p class="facts" data-testid="delivered-to">
          {deliveredTo.length === 0
            ? state === 'firing'
              ? say('alerts.undelivered')
              : ''
            : say('alerts.delivered', { channels: deliveredTo.join(say('list.separator')) })}
        </p>
      </div>
    </li>
  );
}

function facts(alert: AlertView, value: number | null | undefined, nowMs: number): string[] {
  return [
    // JSON knows no NaN: it arrives as null.
    value === undefined || value === null ? '' : say('alerts.value', { value: Number(value.toPrecision(4)) }),
    say('alerts.since', { time: clockTime(alert.activeAtMs, nowMs) }),
    alert.resolvedAtMs === undefined
      ? ''
      : say('alerts.until', { time: clockTime(alert.resolvedAtMs, nowMs) }),
  ].filter((fact) => fact !== '');
}

function labelText(labels: Labels): string {
  return Object.entries(labels)
    .filter(([name]) => name !== 'alertname')
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}

function keyOf({ name, labels, activeAtMs }: AlertView): string {
  return JSON.stringify([name, labels, activeAtMs]);
}
