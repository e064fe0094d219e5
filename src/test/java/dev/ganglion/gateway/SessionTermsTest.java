package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ganglion.protocol.HmacEncoding;
import dev.ganglion.protocol.ProjectKey;
import org.junit.jupiter.api.Test;

class SessionTermsTest {
    private static final ProjectKey KEY = new ProjectKey(new byte[32]);

    /** Uses new string objects, as every upgrade does. */
    private static SessionTerms terms(String sessionId) {
        return new SessionTerms(
                new SessionTerms.Identity(copy("project"), copy("slug"), 0, copy("agent"), 64, sessionId, copy("node")),
                new SessionTerms.Limits("1", 10, 1 << 20, 8),
                KEY,
                HmacEncoding.HEX,
                copy("192.0.2.1"));
    }

    private static String copy(String text) {
        return new String(text.toCharArray());
    }

    @Test
    void sharesTheStringsOfAllSessionsOfAnAgent() {
        SessionTerms one = terms("one");
        SessionTerms other = terms("other");

        assertThat(one.identity().projectId()).isSameAs(other.identity().projectId());
        assertThat(one.identity().projectSlug()).isSameAs(other.identity().projectSlug());
        assertThat(one.identity().agentId()).isSameAs(other.identity().agentId());
        assertThat(one.remoteAddress()).isSameAs(other.remoteAddress());
    }
}
