import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Shell } from './components/shell.js';
import { ApiProvider } from './data/api-context.js';
import { ApiClient, ProblemError } from './data/client.js';
import { LanguageProvider } from './data/language.js';
import type { Language } from './data/language.js';
import { session } from './data/session.js';
import { styleNonce } from './data/style-nonce.js';
import { useShownTheme } from './data/theme-choice.js';
import { LoginPage } from './pages/login.js';
import { themeOf } from './theme.js';

/** The stream says what changed; this is only the safety net under it. */
const REREAD_MS = 60_000;

const newQueries = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        refetchInterval: REREAD_MS,
        staleTime: REREAD_MS,
        retry: (failures, error) => failures < 3 && !(error instanceof ProblemError && error.status < 500),
      },
    },
  });

export function App({ openedWith }: { openedWith: string | null }) {
  const [key, setKey] = useState(openedWith);
  const [refused, setRefused] = useState(false);
  const [language, setLanguage] = useState<Language>(() => (session.language() === 'en' ? 'en' : 'zh-CN'));

  const shown = useShownTheme();
  const theme = useMemo(() => themeOf(shown, matchMedia('(prefers-reduced-motion: reduce)').matches), [shown]);

  const leave = useCallback((wasRefused: boolean) => {
    session.forget();
    setRefused(wasRefused);
    setKey(null);
  }, []);
  const enter = useCallback((given: string) => {
    session.keep(given);
    setRefused(false);
    setKey(given);
  }, []);
  const switchLanguage = useCallback(() => {
    setLanguage((now) => {
      const next = now === 'en' ? 'zh-CN' : 'en';
      session.keepLanguage(next);
      return next;
    });
  }, []);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  // A link with `#key=` opened in a tab that already shows the console changes only the hash.
  useEffect(() => {
    const onHash = (): void => setKey(session.open());
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);

  const api = useMemo(() => (key === null ? null : new ApiClient(key, () => leave(true))), [key, leave]);
  const queries = useMemo(() => (api === null ? null : newQueries()), [api]);

  return (
    <ConfigProvider
      locale={language === 'en' ? enUS : zhCN}
      theme={theme}
      csp={{ nonce: styleNonce }}
      button={{ autoInsertSpace: false }}
    >
      <LanguageProvider value={language}>
        <AntApp>
          {api === null || queries === null ? (
            <LoginPage refused={refused} onEnter={enter} onLanguage={switchLanguage} />
          ) : (
            <QueryClientProvider client={queries}>
              <ApiProvider value={api}>
                <Shell onLanguage={switchLanguage} onLeave={() => leave(false)} />
              </ApiProvider>
            </QueryClientProvider>
          )}
        </AntApp>
      </LanguageProvider>
    </ConfigProvider>
  );
}
