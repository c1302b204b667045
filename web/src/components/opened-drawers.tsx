import { openOver, useOpenedId } from '../data/route.js';
import { OutageDrawer } from './outage-drawer.js';
import { WarningDrawer } from './warning-drawer.js';

/** The outage or warning that the address names, over any screen: so it can be sent to a colleague as a link. */
export function OpenedDrawers() {
  return (
    <>
      <OutageDrawer id={useOpenedId('outage')} onClose={() => openOver('outage', null)} />
      <WarningDrawer id={useOpenedId('warning')} onClose={() => openOver('warning', null)} />
    </>
  );
}
