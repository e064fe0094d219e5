package dev.ganglion.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests how a node's record is encoded and decoded. */
class NodeRecordTest {
    @Test
    void decodesAnEncodedRecord() {
        NodeRecord record = new NodeRecord(
                "n",
                "[::1]:7700",
                "1.2",
                Instant.parse("2026-01-02T03:04:05Z"),
                new NodeRecord.Load(7, 6),
                true,
                Set.of("n", "m"),
                -12);
        assertThat(NodeRecord.decode("n", record.encode())).isEqualTo(record);
    }

    @Test
    void ignoresUnknownFieldsOfALaterVersion() {
        assertThat(NodeRecord.decode("n", "{\"version\":\"2\",\"weight\":5,\"sees\":[\"m\"]}"))
                .isEqualTo(new NodeRecord("n", "", "2", Instant.EPOCH, NodeRecord.Load.NONE, false, Set.of("m"), 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "[]",
                "null",
                "{",
                "{\"started_at\":\"yesterday\"}",
                "{\"connections\":\"many\"}",
                "{\"slots\":\"many\"}",
                "{\"sees\":\"all\"}",
                "{\"draining\":1}"
            })
    void decodesAMalformedRecordToDefaults(String text) {
        assertThat(NodeRecord.decode("n", text))
                .isEqualTo(new NodeRecord("n", "", "", Instant.EPOCH, NodeRecord.Load.NONE, false, Set.of(), 0));
    }
}
