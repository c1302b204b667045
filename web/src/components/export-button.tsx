import { DownloadOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTexts } from '../data/language.js';
import { saveFile } from '../data/save-file.js';
import { serviceNow, serviceOffsetMinutes } from '../data/service-clock.js';
import { csvOf } from '../model/csv.js';
import type { CsvColumn } from '../model/csv.js';
import { atOffset } from '../model/instants.js';

interface ExportButtonProps<Row> {
  /** First part of the file's name; the utility's time is the second. */
  name: string;
  columns: readonly CsvColumn<Row>[];
  /** What is shown, or how to read more of it than is shown. */
  rows: readonly Row[] | (() => Promise<Row[]>);
}

/** Saves a list as a file for spreadsheets. */
export function ExportButton<Row>({ name, columns, rows }: ExportButtonProps<Row>) {
  const texts = useTexts();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const all = typeof rows === 'function' ? await rows() : rows;
      const stamp = atOffset(serviceNow(), serviceOffsetMinutes()).slice(0, 16).replaceAll(/[:T]/g, '-');
      saveFile(`${name}-${stamp}.csv`, new Blob([csvOf(columns, all)], { type: 'text/csv;charset=utf-8' }));
    } catch (error) {
      void message.error(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" icon={<DownloadOutlined />} loading={busy} onClick={() => void save()} data-export={name}>
      {texts.export}
    </Button>
  );
}
