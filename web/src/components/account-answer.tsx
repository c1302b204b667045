import { Alert, Button, Skeleton } from 'antd';
import type { AccountSupply } from '../data/api-types-network.js';
import { ProblemError } from '../data/client.js';
import { useLanguage, useTexts } from '../data/language.js';
import { useAccountSupply } from '../data/network.js';
import { goTo, openOver } from '../data/route.js';
import { useServiceNow } from '../data/service-clock.js';
import { shortInstant } from '../model/instants.js';
import { CountdownCell } from './countdown.js';
import { QueryError } from './panel.js';

/** The answer for one account in words to be read out while the customer is on the line. */
export function AccountAnswer({ accountNo }: { accountNo: string }) {
  const texts = useTexts();
  const { data: answer, error, refetch } = useAccountSupply(accountNo, useLanguage());
  if (error instanceof ProblemError && error.status === 404)
    return <Alert type="warning" showIcon title={texts.lookup.noAccount} description={accountNo} />;
  return (
    <>
      <QueryError error={error} onRetry={() => refetch()} />
      {answer === undefined ? error === null && <Skeleton active /> : <Answer answer={answer} />}
    </>
  );
}

function Answer({ answer }: { answer: AccountSupply }) {
  const texts = useTexts();
  const { lookup } = texts;
  return (
    <section className={`answer answer-${answer.supply}`} data-supply={answer.supply} aria-live="polite">
      <header>
        <h2 className="answer-supply">{lookup.supply[answer.supply]}</h2>
        <p className="faint">
          {texts.reconnection.account} <strong className="figure">{answer.accountNo}</strong> · {lookup.transformer}{' '}
          <Button type="link" size="small" onClick={() => goTo(`/network?q=${answer.transformerCode}`)}>
            {answer.transformerCode}
          </Button>
          {answer.supplySince !== null && ` · ${lookup.since} ${shortInstant(answer.supplySince, null)}`}
        </p>
      </header>
      <h3>{lookup.say}</h3>
      <p className="answer-say">{answer.reason}</p>
      {answer.supply !== 'live' && <ExpectedBack at={answer.estimatedRestorationAt} />}
      {answer.disconnection !== null && <Cut disconnection={answer.disconnection} />}
      {answer.advice.length > 0 && (
        <>
          <h3>{lookup.advice}</h3>
          <ul className="advice">
            {answer.advice.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </>
      )}
      <h3>{lookup.events}</h3>
      {answer.events.length === 0 && <p className="faint">{lookup.noEvents}</p>}
      <ul className="answer-events">
        {answer.events.map((event) => (
          <li key={`${event.type}/${event.id}`}>
            <span className="figure">{shortInstant(event.startedAt, null)}</span>{' '}
            <span className="faint">{lookup.eventState[event.state] ?? event.state}</span> {event.text}{' '}
            {event.type === 'outage' && (
              <Button type="link" size="small" onClick={() => openOver('outage', event.id)}>
                {lookup.open}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** A time that has passed must not be read out as a promise. */
function ExpectedBack({ at }: { at: string | null }) {
  const { lookup } = useTexts();
  const now = useServiceNow();
  if (at === null) return <p className="answer-back">{lookup.noBack}</p>;
  const isPast = Date.parse(at) <= now;
  return (
    <p className="answer-back">
      {lookup.back} <strong className={isPast ? 'figure passed' : 'figure'}>{shortInstant(at, null)}</strong>
      {isPast && <span className="passed"> {lookup.backPassed}</span>}
    </p>
  );
}

function Cut({ disconnection }: { disconnection: NonNullable<AccountSupply['disconnection']> }) {
  const texts = useTexts();
  const { reason, disconnectedAt, order } = disconnection;
  return (
    <div className="answer-cut">
      <strong>
        {texts.lookup.cut} · {texts.lookup.reason[reason] ?? reason}
      </strong>{' '}
      {shortInstant(disconnectedAt, null)}
      {order === null ? (
        <div className="faint">{texts.lookup.notPaid}</div>
      ) : (
        <div>
          {texts.lookup.paid} {shortInstant(order.paidAt, null)} · {texts.lookup.due}{' '}
          <strong>{shortInstant(order.dueAt, null)}</strong>
          <CountdownCell
            startedAt={Date.parse(order.paidAt)}
            dueAt={Date.parse(order.dueAt)}
            overText={texts.reconnection.over}
          />
        </div>
      )}
    </div>
  );
}
