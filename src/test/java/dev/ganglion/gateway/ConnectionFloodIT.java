package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.testing.brain.BrainExtension;
import dev.ganglion.testing.brain.EnrolledAgent;
import dev.ganglion.testing.log.QuietLog;
import dev.ganglion.testing.wire.WireAgent;
import dev.ganglion.testing.wire.WireFrames;
import dev.ganglion.testing.wire.WireSocket;
import dev.ganglion.testing.wire.WireSocket.Opcode;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ConnectionFloodIT {
    @RegisterExtension
    static final BrainExtension brain = new BrainExtension();

    @RegisterExtension
    final QuietLog log = new QuietLog();

    @AfterEach
    void awaitNoOpenConnections() {
        brain.awaitNoConnections();
    }

    @Test
    void survivesAFloodOfPings() {
        try (WireAgent agent = brain.agent().connect()) {
            for (int i = 0; i < 2000; i++) {
                agent.socket().send(Opcode.PING, new byte[] {(byte) i});
            }
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
    }

    @Test
    void cleansUpConnectionsThatBreakAtAnyPoint() {
        EnrolledAgent enrolled = brain.agent();
        Map<String, String> headers = Map.of("Authorization", "Bearer " + enrolled.token());
        byte[] hello = WireFrames.hello().toBuffer().getBytes();
        for (int i = 0; i < 25; i++) {
            WireSocket.connect(brain.port()).reset();
            WireSocket asked = WireSocket.connect(brain.port());
            asked.sendUpgrade(EnrolledAgent.DOCUMENTED, headers);
            asked.reset();
            enrolled.openSocket().reset();
            WireSocket greeted = enrolled.openSocket();
            greeted.send(Opcode.TEXT, hello);
            greeted.reset();
            WireSocket half = enrolled.openSocket();
            half.send(Opcode.TEXT, false, hello);
            half.close();
        }
        try (WireAgent agent = enrolled.connect()) {
            assertThat(agent.ingest(WireFrames.event()).accepted()).isEqualTo(1);
        }
        brain.awaitNoConnections();
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(enrolled.view().getInteger("connections")).isZero());
    }
}
