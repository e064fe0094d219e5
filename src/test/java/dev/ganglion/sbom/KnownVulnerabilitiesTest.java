package dev.ganglion.sbom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests the comparison of a bill of materials with the list of known vulnerabilities. */
class KnownVulnerabilitiesTest {
    private static JsonObject bill(String group, String name, String version) {
        return new JsonObject()
                .put("bomFormat", "CycloneDX")
                .put(
                        "components",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("group", group)
                                        .put("name", name)
                                        .put("version", version)));
    }

    private static List<String> reachable(String group, String name, String version) throws IOException {
        return KnownVulnerabilities.read(KnownVulnerabilities.LIST)
                .reachableIn(Component.of(bill(group, name, version)));
    }

    @Test
    void failsForABillOfMaterialsWithNetty4212() throws IOException {
        assertThat(reachable("io.netty", "netty-codec-http", "4.2.12.Final"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("io.netty:netty-codec-http 4.2.12.Final: CVE-2026-42580: Request smuggling."));
    }

    @ParameterizedTest
    @CsvSource({
        "io.netty,                 netty-codec-http,    4.2.18.Final, 4.2.20.Final",
        "io.netty,                 netty-codec-haproxy, 4.2.15.Final, 4.2.20.Final",
        "com.hazelcast,            hazelcast,           5.3.8,        5.7.0",
        "org.apache.logging.log4j, log4j-core,          2.25.2,       2.26.1"
    })
    void tellsVulnerableVersionsFromFixedOnes(String group, String name, String vulnerable, String fixed)
            throws IOException {
        assertThat(reachable(group, name, vulnerable)).isNotEmpty();
        assertThat(reachable(group, name, fixed)).isEmpty();
    }

    @Test
    void passesWhatNobodyCanReach() throws IOException {
        assertThat(reachable("io.netty", "netty-codec-http2", "4.2.12.Final")).isEmpty();
    }

    @Test
    void findsALibraryInsideAnother() throws IOException {
        KnownVulnerabilities known = KnownVulnerabilities.parse("""
                inside:
                  - {library: npm:preact, version: 10.27.1, in: page}
                  - {library: "a:b", version: 1.0.0, in: "c:d", of: 2.0.0}
                vulnerabilities:
                  - {ids: [X-1], library: npm:preact, affected: [{from: 10.27.0, before: 10.27.3}], what: w., reachable: true, why: y.}
                """);
        List<Component> components = Component.of(bill("c", "d", "2.1.0"));
        assertThat(known.reachableIn(components)).containsExactly("npm:preact 10.27.1: X-1: w. Reachable: y.");
        assertThat(known.outdatedIn(components)).singleElement().asString().startsWith("a:b 1.0.0 inside c:d 2.0.0: ");
        assertThat(known.outdatedIn(Component.of(bill("c", "d", "2.0.0")))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "4.2.12.Final, 4.2.13, -1",
        "4.2.13.Final, 4.2.13, 1",
        "4.2.9.Final,  4.2.10, -1",
        "1.9,          1.10,   -1",
        "2.0.0-beta1,  2.0.0,  -1",
        "20250107,     20260719, -1",
        "5.7.0,        5.7.0,  0"
    })
    void comparesVersionsByTheirNumbers(String version, String other, int sign) {
        assertThat(Integer.signum(new Component("a:b", version).compareVersion(other)))
                .isEqualTo(sign);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{library: 'a:b', affected: [{before: 1}], what: w, reachable: true, why: y}",
                "{ids: [X], affected: [{before: 1}], what: w, reachable: true, why: y}",
                "{ids: [X], library: 'a:b', what: w, reachable: true, why: y}",
                "{ids: [X], library: 'a:b', affected: [{from: 1}], what: w, reachable: true, why: y}",
                "{ids: [X], library: 'a:b', affected: [{before: 1}], reachable: true, why: y}",
                "{ids: [X], library: 'a:b', affected: [{before: 1}], what: w, why: y}",
                "{ids: [X], library: 'a:b', affected: [{before: 1}], what: w, reachable: perhaps, why: y}",
                "{ids: [X], library: 'a:b', affected: [{before: 1}], what: w, reachable: false}",
                "{ids: [X], library: 'a:b', affected: [{before: 1}], what: w, reachable: false, why: y, until: 2030}"
            })
    void refusesAnEntryThatDoesNotSayAll(String entry) {
        assertThatThrownBy(() -> KnownVulnerabilities.parse("vulnerabilities:\n  - " + entry))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
