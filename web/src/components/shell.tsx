import { BulbOutlined, LogoutOutlined, TranslationOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import type { MouseEvent } from 'react';
import { useTexts } from '../data/language.js';
import { goTo, SCREENS, useScreen } from '../data/route.js';
import type { Screen } from '../data/route.js';
import { chooseTheme, useThemeChoice } from '../data/theme-choice.js';
import { useLive } from '../data/use-live.js';
import { nextTheme } from '../model/theme-choice.js';
import { BoardPage } from '../pages/board.js';
import { ComplaintsPage } from '../pages/complaints.js';
import { NetworkPage } from '../pages/network.js';
import { PlannedPage } from '../pages/planned.js';
import { ReconnectionsPage } from '../pages/reconnections.js';
import { RejectedPage } from '../pages/rejected.js';
import { CrashGuard } from './crash-guard.js';
import { LiveBadge } from './live-badge.js';
import { OpenedDrawers } from './opened-drawers.js';
import { WallClockText } from './wall-clock.js';

const PAGES: Record<Screen, () => React.JSX.Element> = {
  board: BoardPage,
  network: NetworkPage,
  planned: PlannedPage,
  complaints: ComplaintsPage,
  reconnections: ReconnectionsPage,
  rejected: RejectedPage,
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
        <nav className="screens" aria-label={texts.product}>
          {(Object.keys(SCREENS) as (keyof typeof SCREENS)[]).map((path) => (
            <ScreenLink key={path} path={path} active={SCREENS[path] === screen} label={texts[SCREENS[path]]} />
          ))}
        </nav>
        <div className="top-tools">
          <LiveBadge state={live} />
          <WallClockText />
          <Button type="text" icon={<TranslationOutlined />} onClick={onLanguage} aria-label={texts.language}>
            <span className="tool-word">{texts.language}</span>
          </Button>
          <ThemeButton />
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
        <CrashGuard key={screen} title={texts.error.crashed} again={texts.error.again}>
          <Page />
        </CrashGuard>
      </main>
      <CrashGuard title={texts.error.crashed} again={texts.error.again}>
        <OpenedDrawers />
      </CrashGuard>
    </div>
  );
}

/** Goes round system, light, dark; the tool tip says which one it is. */
function ThemeButton() {
  const texts = useTexts();
  const choice = useThemeChoice();
  const label = `${texts.themeLabel}: ${texts.theme[choice]}`;
  return (
    <Button
      type="text"
      icon={<BulbOutlined />}
      onClick={() => chooseTheme(nextTheme(choice))}
      aria-label={label}
      title={label}
      data-theme-choice={choice}
    />
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
