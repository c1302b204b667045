import { styleNonce } from './style-nonce.js';

/**
 * Opens a printable sheet in a tab of its own. The tab is opened at once, while the click still counts: a browser blocks what is opened
 * later. The sheet cannot be a plain link, since the key is in no cookie; as a blob it stands under this page's content policy, so its
 * style elements get this page's nonce in place of their own.
 */
export async function openSheet(read: () => Promise<string>): Promise<void> {
  const tab = window.open('', '_blank');
  try {
    const html = (await read()).replaceAll(/<style( nonce="[^"]*")?/g, `<style nonce="${styleNonce}"`);
    const url = URL.createObjectURL(new Blob([html], { type: 'text/html;charset=utf-8' }));
    if (tab === null) throw new Error('the browser blocked the new tab');
    tab.location.replace(url);
    window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
  } catch (error) {
    tab?.close();
    throw error;
  }
}
