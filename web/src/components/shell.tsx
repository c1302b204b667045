import { LogoutOutlined, TranslationOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { MouseEvent } from 'react';
import { useTexts } from '../data/language.js';
import { goTo, SCREENS, useScreen } from '../data/route.js';
import type { Screen } from '../data/route.js';
import { useLive } from '../data/use-live.js';
import { BoardPage } from '../pages/board.js';
import { ComplaintsPage } from '../pages/complaints.js';
import { ReconnectionsPage } from '../pages/reconnections.js';
import { LiveBadge } from './live-badge.js';
import { WallClockText } from './wall-clock.js';

const PAGES: Record<Screen, () => React.JSX.Element> = {
  board: BoardPage,
  complaints: ComplaintsPage,
  reconnections: ReconnectionsPage,
};

/** The frame of every screen: where one is, whether it is live, what time it is. */
export function Shell({ onLanguage, onLeave }: { onLanguage: () => void; onLeave: () => void }) {
  const texts = useTexts();
  const screen = useScreen();
  const live = useLive();
  const Page = PAGES[screen];
  return (
    <div className="shell">
      <header className="top-bar">
        <div className="brand">
          <img src="/icon.svg" alt="" width={30} height={30} />
          <strong>{texts.product}</strong>
          <span className="tagline">{texts.tagline}</span>
        </div>
        <nav className="screens">
          {(Object.keys(SCREENS) as (keyof typeof SCREENS)[]).map((path) => (
            <ScreenLink key={path} path={path} active={SCREENS[path] === screen} label={texts[SCREENS[path]]} />
          ))}
        </nav>
        <div className="top-tools">
          <LiveBadge state={live} />
          <WallClockText />
          <Button type="text" icon={<TranslationOutlined />} onClick={onLanguage}>
            {texts.language}
          </Button>
          <Button
            type="text"
            icon={<LogoutOutlined />}
            onClick={onLeave}
            aria-label={texts.logout}
            title={texts.logout}
          />
        </div>
      </header>
      <main className="screen">
        <Page />
      </main>
    </div>
  );
}

/** A real link, so that it can be opened in another tab, too. */
function ScreenLink({ path, active, label }: { path: keyof typeof SCREENS; active: boolean; label: string }) {
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
