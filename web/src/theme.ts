import { theme as antTheme } from 'antd';
import type { ThemeConfig } from 'antd';
import type { ShownTheme } from './model/theme-choice.js';

const FONTS =
  "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'WenQuanYi Micro Hei', sans-serif";

/** Large contrasts in both, because it is read from metres away; the colours of styles/themes.css. */
const TOKENS = {
  dark: {
    colorPrimary: '#3c89e8',
    colorBgBase: '#0a1420',
    colorBgContainer: '#101e2e',
    colorBgElevated: '#16273a',
    colorBorderSecondary: '#1f3347',
    colorTextBase: '#e8f0f8',
    colorTextPlaceholder: '#8ea4bf',
  },
  light: {
    colorPrimary: '#0958d9',
    colorBgBase: '#ffffff',
    colorBorderSecondary: '#d7dfe8',
    colorTextBase: '#16202b',
    colorTextPlaceholder: '#51647a',
  },
};
const PARTS: Record<ShownTheme, NonNullable<ThemeConfig['components']>> = {
  dark: {
    Table: { headerBg: '#142437', rowHoverBg: '#17293d', cellPaddingBlockSM: 7 },
    Drawer: { colorBgElevated: '#101e2e' },
  },
  light: { Table: { headerBg: '#e9eff5', rowHoverBg: '#f1f6fb', cellPaddingBlockSM: 7 } },
};

/** @param isStill nothing slides or fades, for people whom movement makes ill (`prefers-reduced-motion`) */
export const themeOf = (shown: ShownTheme, isStill: boolean): ThemeConfig => ({
  algorithm: shown === 'dark' ? antTheme.darkAlgorithm : antTheme.defaultAlgorithm,
  token: { ...TOKENS[shown], fontSize: 15, borderRadius: 6, fontFamily: FONTS, motion: !isStill },
  components: PARTS[shown],
});
