import type { Outcome } from '../../../../domain/notices/delivery.js';
import type { Message, SmsProvider } from '../provider.js';

const TIMEOUT_MS = 10_000;

/** Refused for good: this message is wrong. Everything else (a wrong path or token, too many requests) may be put right. */
const REFUSING = new Set([400, 413, 422]);

/** No connection was made, so nothing was sent. */
const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Any gateway that takes `POST {id, to, text}` as JSON with a bearer token. The header `Idempotency-Key` carries our id, and the
 * gateway must take the same key once. It may answer `{"id": "…"}` with its own number.
 */
export class HttpProvider implements SmsProvider {
  readonly name = 'http';
  readonly idempotent = true;

  constructor(
    private readonly url: string,
    private readonly token: string | null,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  async send(message: Message): Promise<Outcome> {
    const key = `lamplighter-${message.id}`;
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': key,
          ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        },
        body: JSON.stringify({ id: key, to: message.to, text: message.text }),
        signal: AbortSignal.timeout(this.timeoutMs),
        redirect: 'error', // a redirect would carry number, text and token to somewhere nobody configured
      });
      const body = await response.text();
      if (response.ok) return { result: 'accepted', reference: referenceIn(body) };
      const reason = `HTTP ${response.status}${body === '' ? '' : `: ${body.slice(0, 200)}`}`;
      return REFUSING.has(response.status)
        ? { result: 'refused', reason }
        : { result: 'failed', reason, maybeAccepted: false };
    } catch (error) {
      const code = ((error as Error).cause as { code?: string } | undefined)?.code ?? '';
      const reason =
        (error as Error).name === 'TimeoutError'
          ? `no answer within ${this.timeoutMs / 1_000} s`
          : `no answer: ${code || (error as Error).message}`;
      return { result: 'failed', reason, maybeAccepted: !NEVER_CONNECTED.has(code) };
    }
  }
}

/** The gateway's own number for the message, when its answer is JSON with one. */
function referenceIn(body: string): string | null {
  try {
    const answer = JSON.parse(body) as { id?: unknown } | null;
    return typeof answer?.id === 'string' || typeof answer?.id === 'number' ? String(answer.id) : null;
  } catch {
    return null; // "OK" is an answer, too
  }
}
