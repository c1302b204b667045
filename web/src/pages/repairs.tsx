import { PhoneOutlined } from '@ant-design/icons';
import { Button, Segmented } from 'antd';
import { useMemo, useState } from 'react';
import { May } from '../components/may.js';
import { Panel } from '../components/panel.js';
import { FaultIntake } from '../components/promises/fault-intake.js';
import { RepairTable } from '../components/promises/repair-table.js';
import { useWords } from '../data/language.js';
import { useRepairOrders } from '../data/repairs.js';
import { INTAKE_TEXTS } from '../model/intake-texts.js';
import { PROMISE_TEXTS } from '../model/promise-texts.js';
import { ordersByUrgency } from '../model/repair-loop.js';
import '../styles/sheets.css';
import '../styles/promises.css';

/** The repair loop: from the customer's call to the call back. */
export function RepairsPage() {
  const { repair } = useWords(PROMISE_TEXTS);
  const intake = useWords(INTAKE_TEXTS);
  const [isOpen, setIsOpen] = useState(true);
  const [isTaking, setIsTaking] = useState(false);
  const query = useRepairOrders(isOpen);
  const orders = useMemo(() => (isOpen ? ordersByUrgency(query.data ?? []) : (query.data ?? [])), [query.data, isOpen]);
  return (
    <>
      {isTaking && <FaultIntake onClose={() => setIsTaking(false)} />}
      <Panel
        title={`${repair.title} · ${orders.length}`}
        query={query}
        extra={
          <div className="panel-tools">
            {!isTaking && (
              <May call="POST /repair-orders" quiet>
                <Button size="small" icon={<PhoneOutlined />} onClick={() => setIsTaking(true)}>
                  {intake.open}
                </Button>
              </May>
            )}
            <Segmented<boolean>
              size="small"
              value={isOpen}
              onChange={setIsOpen}
              options={[
                { value: true, label: repair.open },
                { value: false, label: repair.closed },
              ]}
            />
          </div>
        }
      >
        <RepairTable orders={orders} />
      </Panel>
    </>
  );
}
