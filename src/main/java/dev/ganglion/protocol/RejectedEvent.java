package dev.ganglion.protocol;

/**
 * An event that broke a rule, beside the rest of its batch which is fine.
 *
 * @param index its place in the batch, from 0
 * @param field the field that is to blame, or {@code event} if the whole is
 * @param reason a sentence
 * @param event the event itself; if it is larger than {@value ProtocolLimits#MAX_REJECTED_EVENT_BYTES} bytes, a text
 *     with the start of it
 */
public record RejectedEvent(int index, String field, String reason, Json event) {}
