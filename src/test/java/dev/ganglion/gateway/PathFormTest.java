package dev.ganglion.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathFormTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/healthz",
                "/ws/agent",
                "/assets/1.0/screens/tasks.js",
                "/api/v1/projects/p/agents/0-1?limit=%2e%2e",
                "/api/v1/projects/p/tasks/celery/a%20b%3Ac",
                "/api/v1/projects/p/tasks/celery/s3%3A%2F%2Fbucket%2F%25+x",
                "/api/v1/projects/p/tasks/rq/a%5Cb",
                "/api/v1/projects/p/tasks/my%2Fengine/x",
                "/api/v1/projects/p/tasks/rq/%E2%82%AC",
                "/api/v1/projects/p/tasks/rq/...",
                "/api/v1/projects/p/tasks/rq/a;b=c,d(e)!*'$&@~",
                "/api/v1/projects/"
            })
    void acceptsAPathInItsNormalForm(String target) {
        assertThat(PathForm.fault(target)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "http://brain/healthz",
                "/healthz#",
                "/api/v1/projects/p/agents/A/../B",
                "/api/v1/projects/p/agents/%2E%2E",
                "/api/v1/projects/p/agents/%2e%2e",
                "/api/v1/projects/p/agents/.%2E",
                "/api/v1/projects/p/agents/.",
                "/api/v1/projects/p/agents/..",
                "/api/v1/projects/p/agents/..;/B",
                "//api/v1/projects",
                "/api/v1//projects",
                "/api/v1/projects/p/agents/A%2F..%2FB",
                "/api/v1/projects/p/agents%2FA",
                "/api/v1/projects/p/agents/A%5CB",
                "/api/v1/projects/p/agents/A\\B",
                "/api/v1/projects/p/tasks/rq/..%2Fa",
                "/api/v1/projects/p/tasks/rq%2Fa",
                "/api/v1/projects/p/tasks/rq/a%2Fb/c",
                "/api/v1/projects/p/tasks/rq/a%5C..%5Cb",
                "/api/v1/projects/p/tasks/rq/a%2fb",
                "/api/v1/projects/p/tasks%2Frq/x/y",
                "/api/v1/projects/%70",
                "/api/v1/projects/p%00",
                "/api/v1/projects/p%0A",
                "/api/v1/projects/p%7F",
                "/api/v1/projects/%",
                "/api/v1/projects/%4",
                "/api/v1/projects/%zz",
                "/api/v1/projects/%C0%AE%C0%AE",
                "/api/v1/projects/%E0%80%AF",
                "/api/v1/projects/%ED%A0%80",
                "/api/v1/projects/%FF",
                "/api/v1/projects/\u00e9",
                "/api/v1/projects/a\"b",
                "/api/v1/projects/a<b>",
                "/api/v1/projects/{a}",
                "/api/v1/projects/a|b"
            })
    void refusesAPathThatIsNotItsOwnNormalForm(String target) {
        assertThat(PathForm.fault(target)).isPresent();
    }
}
