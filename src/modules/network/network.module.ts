import { Module } from '@nestjs/common';
import { AssetController } from './asset.controller.js';
import { ImportController } from './import.controller.js';

/** The register: which assets, terminals and customers there are, and how they hang together, now and earlier. */
@Module({ controllers: [ImportController, AssetController] })
export class NetworkModule {}
