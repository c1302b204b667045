import { FileExcelOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useApi } from '../../data/api-context.js';
import { useWords } from '../../data/language.js';
import type { ReportAsk } from '../../data/reports.js';
import { saveFile } from '../../data/save-file.js';
import { REPORT_TEXTS } from '../../model/report-texts.js';

type ReportName = 'reliability' | 'voltage' | 'service' | 'complaints' | 'missed-warnings';

/** The report as the service's own workbook, with titles in both languages and what it tells of. */
export function WorkbookButton({ report, ask }: { report: ReportName; ask: ReportAsk }) {
  const texts = useWords(REPORT_TEXTS);
  const api = useApi();
  const { message } = App.useApp();
  const [busy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      const { blob, name } = await api.file(`/reports/${report}`, { ...ask, format: 'xlsx' });
      saveFile(name ?? `${report}.xlsx`, blob);
    } catch (error) {
      void message.error(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button size="small" icon={<FileExcelOutlined />} loading={busy} onClick={() => void save()} data-workbook={report}>
      {texts.xlsx}
    </Button>
  );
}
