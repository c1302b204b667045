import { KeyOutlined, TranslationOutlined } from '@ant-design/icons';
import { Alert, Button, Form, Input } from 'antd';
import { useTexts } from '../data/language.js';

interface LoginProps {
  /** The key that was in use turned out to be unknown or revoked. */
  refused: boolean;
  onEnter: (key: string) => void;
  onLanguage: () => void;
}

/** Asks for an API key. */
export function LoginPage({ refused, onEnter, onLanguage }: LoginProps) {
  const texts = useTexts();
  return (
    <main className="login">
      <div className="login-box">
        <div className="brand">
          <img src="/icon.svg" alt="" width={44} height={44} />
          <strong>{texts.product}</strong>
          <span className="tagline">{texts.tagline}</span>
        </div>
        <h1>{texts.login.title}</h1>
        <p>{texts.login.hint}</p>
        {refused && <Alert type="error" showIcon title={texts.login.refused} />}
        <Form<{ key: string }> layout="vertical" onFinish={({ key }) => onEnter(key.trim())}>
          <Form.Item name="key" label={texts.login.key} rules={[{ required: true, whitespace: true }]}>
            <Input.Password autoFocus autoComplete="off" size="large" />
          </Form.Item>
          <Button type="primary" htmlType="submit" size="large" block icon={<KeyOutlined />}>
            {texts.login.enter}
          </Button>
        </Form>
        <Button type="link" icon={<TranslationOutlined />} onClick={onLanguage}>
          {texts.language}
        </Button>
      </div>
    </main>
  );
}
