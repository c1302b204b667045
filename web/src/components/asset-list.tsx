import { Empty, Table } from 'antd';
import type { TableColumnsType } from 'antd';
import { useMemo } from 'react';
import type { Asset } from '../data/api-types-network.js';
import { useTexts } from '../data/language.js';
import { useAssets } from '../data/network.js';
import { usePrinting } from '../data/theme-choice.js';
import type { Texts } from '../model/texts-zh.js';
import { AssetCard } from './asset-card.js';
import { Panel } from './panel.js';

/** What the register finds; an exact hit is opened at once. */
export function AssetList({ q }: { q: string }) {
  const texts = useTexts();
  const query = useAssets(q);
  const printing = usePrinting();
  const columns = useMemo(() => columnsOf(texts), [texts]);
  const found = query.data ?? [];
  const exact = found.find((asset) => asset.code.toLowerCase() === q.toLowerCase());
  const first = exact ?? (found.length === 1 ? found[0] : undefined);
  return (
    <Panel title={`${texts.lookup.assets} · ${found.length}`} query={query}>
      <Table<Asset>
        key={query.isPending ? 'waiting' : 'there'}
        rowKey="code"
        size="small"
        columns={columns}
        dataSource={found}
        pagination={printing ? false : { pageSize: 25, hideOnSinglePage: true, showSizeChanger: false }}
        rowClassName="openable"
        expandable={{
          expandRowByClick: true,
          defaultExpandedRowKeys: first === undefined ? [] : [first.code],
          expandedRowRender: (asset) => <AssetCard code={asset.code} />,
        }}
        scroll={{ x: 560 }}
        locale={{ emptyText: <Empty description={texts.lookup.noAssets} image={Empty.PRESENTED_IMAGE_SIMPLE} /> }}
      />
    </Panel>
  );
}

function columnsOf({ lookup, filter }: Texts): TableColumnsType<Asset> {
  return [
    { title: lookup.code, dataIndex: 'code', width: 130 },
    { title: lookup.name, dataIndex: 'name' },
    { title: lookup.type, width: 100, render: (_, { kind }) => lookup.kind[kind] ?? kind },
    { title: filter.area, dataIndex: 'area', width: 120 },
    {
      title: lookup.state,
      width: 110,
      render: (_, { supply }) =>
        supply === null ? '—' : <span className={`supply supply-${supply}`}>{lookup.supply[supply]}</span>,
    },
  ];
}
