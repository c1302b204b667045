import { Tooltip } from 'antd';
import type { LiveState } from '../data/live.js';
import { useTexts } from '../data/language.js';

/** Whether what is on the screen moves with the world. */
export function LiveBadge({ state }: { state: LiveState }) {
  const texts = useTexts();
  return (
    <Tooltip title={texts.liveHint[state]}>
      <span className={`live-badge live-${state}`} role="status" aria-live="polite" tabIndex={0} data-live={state}>
        <span className="live-dot" aria-hidden />
        {texts.live[state]}
      </span>
    </Tooltip>
  );
}
