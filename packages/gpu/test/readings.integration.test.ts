/** The whole path for real: our process, a helper process, koffi, and a library compiled from C. */
import { readingCases } from './reading-cases.ts';

readingCases('process');
