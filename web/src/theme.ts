import { theme as antTheme } from 'antd';
import type { ThemeConfig } from 'antd';

/** Dark, because it hangs on a wall of a control room day and night; large contrasts, because it is read from metres away. */
export const theme: ThemeConfig = {
  algorithm: antTheme.darkAlgorithm,
  token: {
    colorPrimary: '#3c89e8',
    colorBgBase: '#0a1420',
    colorBgContainer: '#101e2e',
    colorBgElevated: '#16273a',
    colorBorderSecondary: '#1f3347',
    colorTextBase: '#e8f0f8',
    fontSize: 15,
    borderRadius: 6,
    fontFamily:
      "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'WenQuanYi Micro Hei', sans-serif",
  },
  components: {
    Table: { headerBg: '#142437', rowHoverBg: '#17293d', cellPaddingBlockSM: 7 },
    Drawer: { colorBgElevated: '#101e2e' },
  },
};
