import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DescribedRoutes } from './api/described-routes.service.ts';
import { ApiController } from './http/api.controller.ts';

/** The description of the service's routes. */
@Module({ imports: [DiscoveryModule], controllers: [ApiController], providers: [DescribedRoutes] })
export class ApiModule {}
