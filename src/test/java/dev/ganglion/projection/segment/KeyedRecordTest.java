package dev.ganglion.projection.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.projection.run.RecordWriter;
import dev.ganglion.projection.run.Task;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyedRecordTest {
    @ParameterizedTest
    @ValueSource(strings = {"6:celeryt1", "0:", "6:célery\u0000\uD83D\uDE00"})
    void readsWhatWasWritten(String key) {
        byte[] record = {1, -2, 0, 3};
        KeyedRecord read = KeyedRecord.decode(new KeyedRecord(key, record).encode());
        assertThat(read.key()).isEqualTo(key);
        assertThat(read.record()).isEqualTo(record);
    }

    @Test
    void writesTasksOneAfterTheOther() {
        RecordWriter writer = new RecordWriter();
        Task task = new Task();
        for (String key : List.of("6:celeryt1", "2:rqt2")) {
            assertThat(KeyedRecord.encode(key, task, writer)).isEqualTo(new KeyedRecord(key, task.encode()).encode());
        }
    }

    @Test
    void keepsLongKeys() {
        String key = "9:".concat("é".repeat(600));
        assertThat(KeyedRecord.decode(new KeyedRecord(key, new byte[0]).encode())
                        .key())
                .isEqualTo(key);
    }

    @Test
    void namesTheRecordOfARowByItsHash() {
        Rows rows = Rows.allocate(2);
        rows.identify(0, 0x0102, 5);
        rows.identify(1, 0x0102, 5);
        rows.flags(1, Rows.SAME_HASH);
        assertThat(RecordField.of(rows, 0))
                .isEqualTo(RecordField.of(0x0102))
                .isEqualTo(new byte[] {2, 1, 0, 0, 0, 0, 0, 0});
        assertThat(RecordField.of(rows, 1))
                .isEqualTo(RecordField.of(0x0102, 1))
                .isEqualTo(new byte[] {2, 1, 0, 0, 0, 0, 0, 0, 1, 0});
    }
}
