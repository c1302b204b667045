import { EditOutlined } from '@ant-design/icons';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { May } from '../components/may.js';
import { Panel } from '../components/panel.js';
import { AreaTable } from '../components/policy/area-table.js';
import { PolicyTable } from '../components/policy/policy-table.js';
import { SettingForm } from '../components/policy/setting-form.js';
import { VersionComparison, VersionList } from '../components/policy/version-list.js';
import { YamlForm } from '../components/policy/yaml-form.js';
import { useWords } from '../data/language.js';
import { useMay } from '../data/me.js';
import { usePolicy, usePolicyVersions } from '../data/policy.js';
import { areaSettingsOf } from '../model/policy-settings.js';
import type { Setting } from '../model/policy-settings.js';
import { POLICY_TEXTS } from '../model/policy-texts.js';
import '../styles/sheets.css';
import '../styles/policy.css';

/** Every limit with its source, who changed what from when on, and the way to write a new version. */
export function PolicyPage() {
  const texts = useWords(POLICY_TEXTS);
  const [chosen, setChosen] = useState<number | null>(null);
  const [edited, setEdited] = useState<Setting | 'yaml' | null>(null);
  const mayWrite = useMay('POST /policy');
  const versions = usePolicyVersions();
  const query = usePolicy(chosen);
  const policy = query.data;
  const list = versions.data ?? [];
  const close = (): void => setEdited(null);
  return (
    <div className="policy-columns">
      <div>
        <Panel
          title={policy === undefined ? texts.title : `${texts.version(policy.version)} · ${policy.profile}`}
          query={query}
          extra={
            <div className="panel-tools">
              <May call="POST /policy">
                <Button size="small" icon={<EditOutlined />} onClick={() => setEdited('yaml')}>
                  {texts.yaml}
                </Button>
              </May>
            </div>
          }
        >
          {policy !== undefined && !policy.inForce && (
            <Alert
              type="warning"
              showIcon
              title={texts.notInForce}
              action={
                <Button size="small" onClick={() => setChosen(null)}>
                  {texts.showInForce}
                </Button>
              }
            />
          )}
          {policy !== undefined && (
            <PolicyTable policy={policy} onEdit={policy.inForce && mayWrite ? setEdited : null} />
          )}
        </Panel>
      </div>
      <div className="policy-side">
        <Panel title={texts.versions} query={versions}>
          <VersionList versions={list} shown={policy?.version ?? null} onShow={setChosen} />
        </Panel>
        <Panel title={texts.differences} query={versions}>
          {list.length > 0 && <VersionComparison versions={list} />}
        </Panel>
        <Panel title={texts.areas} query={query}>
          {policy !== undefined && <AreaTable policy={policy.policy} />}
        </Panel>
      </div>
      {edited === 'yaml' && <YamlForm onClose={close} />}
      {edited !== null && edited !== 'yaml' && (
        <SettingForm setting={edited} areas={areasOf(policy?.policy)} onClose={close} />
      )}
    </div>
  );
}

const areasOf = (policy: Readonly<Record<string, unknown>> | undefined): string[] => [
  ...new Set(areaSettingsOf(policy ?? {}).map(({ area }) => area)),
];
