import { Input } from 'antd';
import { useState } from 'react';
import { AccountAnswer } from '../components/account-answer.js';
import { AssetList } from '../components/asset-list.js';
import { useTexts } from '../data/language.js';
import { goTo, useParameter } from '../data/route.js';
import { lookupOf } from '../model/lookup.js';

/** What a call taker has open: an account number gives the answer to read out, anything else searches the network. */
export function NetworkPage() {
  const texts = useTexts();
  const asked = useParameter('q') ?? '';
  const lookup = lookupOf(asked);
  return (
    <div className="lookup">
      <LookupField key={asked} asked={asked} />
      {lookup === null && <p className="lookup-empty">{texts.lookup.empty}</p>}
      {lookup?.kind === 'account' && <AccountAnswer key={lookup.accountNo} accountNo={lookup.accountNo} />}
      {lookup?.kind === 'network' && <AssetList key={lookup.q} q={lookup.q} />}
    </div>
  );
}

function LookupField({ asked }: { asked: string }) {
  const texts = useTexts();
  const [text, setText] = useState(asked);
  return (
    <Input.Search
      autoFocus
      size="large"
      className="lookup-field not-printed"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onFocus={(event) => event.target.select()}
      onSearch={(given) => goTo(given.trim() === '' ? '/network' : `/network?q=${encodeURIComponent(given.trim())}`)}
      placeholder={texts.lookup.hint}
      aria-label={texts.lookup.hint}
      enterButton={texts.lookup.search}
      maxLength={100}
    />
  );
}
