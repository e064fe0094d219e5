package dev.ganglion.protocol.event;

import dev.ganglion.protocol.json.Json;

/**
 * An event that broke a rule and was set aside from its batch.
 *
 * @param index position in the batch, from 0
 * @param field the field that broke the rule, or {@code event} if the event as a whole did
 * @param reason the broken rule, as a sentence
 * @param event the event itself; if it is larger than {@value ProtocolLimits#MAX_REJECTED_EVENT_BYTES} bytes, a string
 *     with its beginning
 */
public record RejectedEvent(int index, String field, String reason, Json event) {}
