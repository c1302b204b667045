import { Controller } from '@nestjs/common';
import type { z } from 'zod';
import { Caller } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { act } from './warning-actions.js';
import type { WarningAction } from './warning-actions.js';
import { findWarning, findWarnings } from './warning-queries.js';
import {
  acknowledgeWarning,
  assignWarning,
  commentWarning,
  getWarning,
  listWarnings,
  resolveWarning,
} from './warnings.schemas.js';
import type { WarningDetail } from './warnings.schemas.js';

type ActionInput = InputOf<typeof acknowledgeWarning>;
type Detail = z.input<typeof WarningDetail>;

@Controller()
export class WarningsController {
  constructor(private readonly db: Database) {}

  @Endpoint(listWarnings)
  list(@Input() input: InputOf<typeof listWarnings>): ReturnType<typeof findWarnings> {
    return findWarnings(this.db, input);
  }

  @Endpoint(getWarning)
  get(@Input() { params }: InputOf<typeof getWarning>): Promise<Detail> {
    return findWarning(this.db, params.id);
  }

  @Endpoint(acknowledgeWarning)
  acknowledge(@Input() input: ActionInput, @Caller() caller: Principal): Promise<Detail> {
    return this.act('acknowledge', input, caller);
  }

  @Endpoint(assignWarning)
  assign(@Input() input: ActionInput, @Caller() caller: Principal): Promise<Detail> {
    return this.act('assign', input, caller);
  }

  @Endpoint(commentWarning)
  comment(@Input() input: ActionInput, @Caller() caller: Principal): Promise<Detail> {
    return this.act('comment', input, caller);
  }

  @Endpoint(resolveWarning)
  resolve(@Input() input: ActionInput, @Caller() caller: Principal): Promise<Detail> {
    return this.act('resolve', input, caller);
  }

  private act(action: WarningAction, { params, body }: ActionInput, caller: Principal): Promise<Detail> {
    return this.db.inTx(async (tx) => {
      await act(tx, params.id, action, body, caller.name);
      return findWarning(tx, params.id);
    });
  }
}
