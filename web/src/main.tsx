import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { session } from './data/session.js';
import { giveStylesTheNonce } from './data/style-nonce.js';
import './console.css';

giveStylesTheNonce();
const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');
const key = session.open(); // before anything is drawn: a key must not stay in the address
createRoot(root).render(
  <StrictMode>
    <App openedWith={key} />
  </StrictMode>,
);
