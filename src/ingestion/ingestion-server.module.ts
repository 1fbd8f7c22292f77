import { Module } from '@nestjs/common';
import { ClockModule } from '../common/clock/clock.module.ts';
import { LifecycleModule } from '../common/lifecycle/lifecycle.module.ts';
import { GraphModule } from '../graph/graph.module.ts';
import { StorageModule } from '../storage/storage.module.ts';
import { RecordJobQueue } from './adapters/record-job-queue.adapter.ts';
import { GuideService } from './guide.service.ts';
import { DocumentsController } from './http/documents.controller.ts';
import { JobsController } from './http/jobs.controller.ts';
import { MergesController } from './http/merges.controller.ts';
import { NamesakesController } from './http/namesakes.controller.ts';
import { UploadReader } from './http/upload-reader.ts';
import { IngestionModule } from './ingestion.module.ts';
import { JobQueue } from './job-queue.port.ts';
import { JobService } from './job.service.ts';
import { JobRecords } from './jobs/job-records.ts';
import { JobRunner, JobRunnerParts } from './jobs/job-runner.ts';
import { JobSources } from './jobs/job-sources.ts';
import { JobTasks } from './jobs/job-tasks.ts';
import { JobWorker } from './jobs/job-worker.ts';
import { UploadBlobs } from './jobs/upload-blobs.ts';

/** What a running service adds to ingestion: routes, jobs that are worked on, the guide. Commands leave it out. */
@Module({
  imports: [ClockModule, GraphModule, IngestionModule, LifecycleModule, StorageModule],
  controllers: [DocumentsController, JobsController, MergesController, NamesakesController],
  providers: [
    GuideService,
    { provide: JobQueue, useClass: RecordJobQueue },
    JobRecords,
    JobRunner,
    JobRunnerParts,
    JobService,
    JobSources,
    JobTasks,
    JobWorker,
    UploadBlobs,
    UploadReader,
  ],
})
export class IngestionServerModule {}
