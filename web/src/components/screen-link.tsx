import type { MouseEvent } from 'react';
import { goTo } from '../data/route.js';
import type { Address } from '../data/route.js';

/** A real link to a screen, so that it can be opened in another tab, too. */
export function ScreenLink({ path, active, label }: { path: Address; active: boolean; label: string }) {
  const follow = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    goTo(path);
  };
  return (
    <a href={path} onClick={follow} aria-current={active ? 'page' : undefined}>
      {label}
    </a>
  );
}
