/** Results as files: raw JSON, tables, verdicts and plots. */
@NullMarked
package dev.ganglion.benchmarks.report;

import org.jspecify.annotations.NullMarked;
