package dev.ganglion.projection;

/**
 * Names one stored value of an aggregate, such as the tasks of one name within one block of minutes. An aggregate
 * chooses the names; the engine stores them as they are.
 *
 * @param block name of a group of values that expire together
 * @param field name of the value within its block
 */
public record BlockField(String block, String field) {}
