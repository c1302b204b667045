import { Controller, Headers } from '@nestjs/common';
import { ENERGY_COLUMNS, VACANCY_COLUMNS } from '../../domain/consumption/energy-rows.js';
import { Caller } from '../auth/principal.js';
import type { Principal } from '../auth/principal.js';
import { Database } from '../database/database.js';
import { Endpoint, Input } from '../http/endpoint.js';
import type { InputOf } from '../http/endpoint.js';
import { readImport } from '../network/import-endpoint.js';
import type { ImportResult } from '../network/read-rows.js';
import { ActivePolicy } from '../policy/active-policy.js';
import { listFindings, postEnergy, postVacancies, readConsumption, reviewFinding } from './consumption.schemas.js';
import { findFindings, monthsOfAccount, review } from './finding-queries.js';
import { importEnergy, importVacancies } from './import-energy.js';

/** Monthly energy of customers, and who is to be looked at for it. */
@Controller()
export class ConsumptionController {
  constructor(
    private readonly db: Database,
    private readonly active: ActivePolicy,
  ) {}

  @Endpoint(postEnergy)
  energy(
    @Input() { body }: InputOf<typeof postEnergy>,
    @Headers('content-type') contentType: string | undefined,
  ): Promise<ImportResult> {
    const raw = readImport(body, contentType, ENERGY_COLUMNS);
    return this.db.inTx((tx) => importEnergy(tx, raw, this.active.at(tx.now)));
  }

  @Endpoint(postVacancies)
  vacancies(
    @Input() { body }: InputOf<typeof postVacancies>,
    @Headers('content-type') contentType: string | undefined,
  ): Promise<ImportResult> {
    const raw = readImport(body, contentType, VACANCY_COLUMNS);
    return this.db.inTx((tx) => importVacancies(tx, raw, this.active.at(tx.now)));
  }

  @Endpoint(listFindings)
  list(@Input() input: InputOf<typeof listFindings>): ReturnType<typeof findFindings> {
    return findFindings(this.db, input);
  }

  @Endpoint(reviewFinding)
  review(@Input() input: InputOf<typeof reviewFinding>, @Caller() caller: Principal): ReturnType<typeof review> {
    return this.db.inTx((tx) => review(tx, input, caller.name));
  }

  @Endpoint(readConsumption)
  read(@Input() { params }: InputOf<typeof readConsumption>): ReturnType<typeof monthsOfAccount> {
    return monthsOfAccount(this.db, params.accountNo);
  }
}
