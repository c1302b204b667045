/** The nonce that the page was served with (modules/console): styles that do not carry it are refused by the browser. */
export const styleNonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';

/**
 * Lets every style element that a script makes carry the nonce. Ant Design passes it on for its own styles, but parts of it (scroll bar
 * measuring, scroll lock) make style elements without asking for one; and 'unsafe-inline' would open the door to everybody.
 */
export function giveStylesTheNonce(): void {
  const create = document.createElement.bind(document);
  document.createElement = ((name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = styleNonce;
    return element;
  }) as typeof document.createElement;
}
