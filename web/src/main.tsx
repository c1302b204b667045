import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { session } from './data/session.js';
import { giveStylesTheNonce } from './data/style-nonce.js';
import { applyTheme } from './data/theme-choice.js';
import './styles/themes.css';
import './styles/frame.css';
import './styles/board.css';
import './console.css';
import './styles/network.css';
import './styles/planned.css';
import './styles/sign-in.css';
import './styles/print.css';

giveStylesTheNonce();
applyTheme();
const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');
const key = session.open(); // before anything is drawn: a key must not stay in the address
createRoot(root).render(
  <StrictMode>
    <App openedWith={key} />
  </StrictMode>,
);
