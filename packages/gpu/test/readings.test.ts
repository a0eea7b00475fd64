/** Real koffi and a library compiled from C, called in this process. By a helper: readings.integration.test.ts. */
import { readingCases } from './reading-cases.ts';

readingCases('inline');
