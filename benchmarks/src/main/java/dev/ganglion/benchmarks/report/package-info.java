/** Results as files: raw JSON, tables, verdicts and plots. */
package dev.ganglion.benchmarks.report;
