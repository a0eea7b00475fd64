import { effect } from '@preact/signals';
import { render } from 'preact';
import { Dashboard } from './dashboard.tsx';
import { startPolling } from './poll.ts';
import { locale, theme } from './state.ts';

effect(() => {
  document.documentElement.lang = locale.value;
});
effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});

const root = document.getElementById('app');
if (root !== null) render(<Dashboard title={document.title} />, root);
startPolling();
