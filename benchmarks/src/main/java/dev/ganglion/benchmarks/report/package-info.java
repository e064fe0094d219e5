/** Writes results as files: raw JSON, tables, verdicts and charts. */
@NullMarked
package dev.ganglion.benchmarks.report;

import org.jspecify.annotations.NullMarked;
