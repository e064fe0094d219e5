package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.BrainExtension;
import dev.ganglion.testing.Enrolled;
import dev.ganglion.testing.QuietLog;
import dev.ganglion.testing.Wire;
import dev.ganglion.testing.WireAgent;
import dev.ganglion.testing.WireSocket;
import dev.ganglion.testing.WireSocket.Opcode;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class FloodsIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @AfterEach
    void awaitNoOpenConnections() {
        brain.awaitRest();
    }

    @Test
    void survivesAFloodOfPings() {
        try (WireAgent agent = brain.agent().connect()) {
            for (int i = 0; i < 2000; i++) {
                agent.socket().send(Opcode.PING, new byte[] {(byte) i});
            }
            assertThat(agent.ingest(Wire.event()).accepted()).isEqualTo(1);
        }
    }

    @Test
    void cleansUpConnectionsThatBreakAtAnyPoint() {
        Enrolled enrolled = brain.agent();
        Map<String, String> headers = Map.of("Authorization", "Bearer " + enrolled.token());
        byte[] hello = Wire.hello().toBuffer().getBytes();
        for (int i = 0; i < 25; i++) {
            WireSocket.connect(brain.port()).vanish();
            WireSocket asked = WireSocket.connect(brain.port());
            asked.sendUpgrade(Enrolled.DOCUMENTED, headers);
            asked.vanish();
            enrolled.knock().vanish();
            WireSocket greeted = enrolled.knock();
            greeted.send(Opcode.TEXT, hello);
            greeted.vanish();
            WireSocket half = enrolled.knock();
            half.send(Opcode.TEXT, false, hello);
            half.close();
        }
        try (WireAgent agent = enrolled.connect()) {
            assertThat(agent.ingest(Wire.event()).accepted()).isEqualTo(1);
        }
        brain.awaitRest();
        org.awaitility.Awaitility.await()
                .untilAsserted(() ->
                        assertThat(enrolled.view().getInteger("connections")).isZero());
    }
}
