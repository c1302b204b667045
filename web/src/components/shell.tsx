import { BulbOutlined, LogoutOutlined, TranslationOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import type { ComponentType } from 'react';
import { useTexts } from '../data/language.js';
import { useMe } from '../data/me.js';
import { GROUPS, SCREENS, useScreen } from '../data/route.js';
import type { Address, Group, Screen } from '../data/route.js';
import { chooseTheme, useThemeChoice } from '../data/theme-choice.js';
import { useLive } from '../data/use-live.js';
import { nextTheme } from '../model/theme-choice.js';
import { BoardPage } from '../pages/board.js';
import { CrashGuard } from './crash-guard.js';
import { LiveBadge } from './live-badge.js';
import { OpenedDrawers } from './opened-drawers.js';
import { ScreenLink } from './screen-link.js';
import { WallClockText } from './wall-clock.js';

/** Loaded when it is opened for the first time, so that the wall's board stays light. */
const later = (load: () => Promise<ComponentType>): ComponentType => lazy(async () => ({ default: await load() }));

const PAGES: Record<Screen, ComponentType> = {
  board: BoardPage,
  network: later(async () => (await import('../pages/network.js')).NetworkPage),
  planned: later(async () => (await import('../pages/planned.js')).PlannedPage),
  complaints: later(async () => (await import('../pages/complaints.js')).ComplaintsPage),
  reconnections: later(async () => (await import('../pages/reconnections.js')).ReconnectionsPage),
  cuts: later(async () => (await import('../pages/cuts.js')).CutsPage),
  arrears: later(async () => (await import('../pages/arrears.js')).ArrearsPage),
  callList: later(async () => (await import('../pages/call-list.js')).CallListPage),
  repairs: later(async () => (await import('../pages/repairs.js')).RepairsPage),
  supervision: later(async () => (await import('../pages/supervision.js')).SupervisionPage),
  deadlines: later(async () => (await import('../pages/deadlines.js')).DeadlinesPage),
  reliability: later(async () => (await import('../pages/reliability.js')).ReliabilityPage),
  voltage: later(async () => (await import('../pages/voltage.js')).VoltagePage),
  service: later(async () => (await import('../pages/service.js')).ServicePage),
  complaintReport: later(async () => (await import('../pages/complaint-report.js')).ComplaintReportPage),
  missedWarnings: later(async () => (await import('../pages/missed-warnings.js')).MissedWarningsPage),
  consumption: later(async () => (await import('../pages/consumption.js')).ConsumptionPage),
  policy: later(async () => (await import('../pages/policy.js')).PolicyPage),
  rejected: later(async () => (await import('../pages/rejected.js')).RejectedPage),
};
const LINKS = Object.entries(GROUPS) as [Group, readonly [Address, ...Address[]]][];

/** The frame of every screen: where one is, whether it is live, what time it is. */
export function Shell({ onLanguage, onLeave }: { onLanguage: () => void; onLeave: () => void }) {
  const texts = useTexts();
  const screen = useScreen();
  const live = useLive();
  const me = useMe().data;
  const [group, addresses] =
    LINKS.find(([, addresses]) => addresses.some((address) => SCREENS[address] === screen)) ?? LINKS[0]!;
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
          {LINKS.map(([name, [first]]) => (
            <ScreenLink key={name} path={first} active={name === group} label={texts[name]} />
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
            title={
              me === undefined
                ? texts.logout
                : `${texts.logout} · ${me.name} (${me.roles.map((role) => texts.access.role[role]).join(', ')})`
            }
          />
        </div>
      </header>
      <main className="screen">
        {addresses.length > 1 && (
          <nav className="screens sub-screens" aria-label={texts[group]}>
            {addresses.map((address) => (
              <ScreenLink
                key={address}
                path={address}
                active={SCREENS[address] === screen}
                label={texts[SCREENS[address]]}
              />
            ))}
          </nav>
        )}
        <CrashGuard key={screen} title={texts.error.crashed} again={texts.error.again}>
          <Suspense fallback={<Skeleton active />}>
            <Page />
          </Suspense>
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
