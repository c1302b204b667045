import { Module } from '@nestjs/common';
import { ImportController } from './import.controller.js';

/** The register: which assets, terminals and customers there are, and how they hang together, now and earlier. */
@Module({ controllers: [ImportController] })
export class NetworkModule {}
