package dev.ganglion.sbom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** Checks the bill of materials that lies beside the jar, and the jar itself, against the known vulnerabilities. */
class BillOfMaterialsIT {
    private static final Path JAR = Path.of("target/ganglion.jar");
    private static final Path BILL = Path.of("target/ganglion.cdx.json");
    private static final Path PAGE = Path.of("src/main/resources/web/vendor/licences.txt");
    private static final Pattern OF_A_LIBRARY = Pattern.compile("META-INF/maven/.*/pom\\.properties");

    /** Reads the bill of materials. Maven writes none with -o, and an older one says nothing of this build. */
    private static JsonObject bill() throws IOException {
        assumeTrue(
                Files.exists(BILL)
                        && Files.getLastModifiedTime(BILL).compareTo(Files.getLastModifiedTime(Path.of("pom.xml")))
                                >= 0,
                "the build was offline and made no bill of materials: run mvn package without -o");
        return new JsonObject(Files.readString(BILL));
    }

    /** Returns the libraries whose names and versions the jar contains, this project among them. */
    private static List<Component> contained() throws IOException {
        List<Component> all = new ArrayList<>();
        try (ZipFile jar = new ZipFile(JAR.toFile())) {
            for (ZipEntry entry : jar.stream()
                    .filter(each -> OF_A_LIBRARY.matcher(each.getName()).matches())
                    .toList()) {
                Properties properties = new Properties();
                try (InputStream in = jar.getInputStream(entry)) {
                    properties.load(in);
                }
                all.add(new Component(
                        properties.getProperty("groupId") + ":" + properties.getProperty("artifactId"),
                        properties.getProperty("version")));
            }
        }
        return all;
    }

    private static void assertUnreachable(List<Component> components) throws IOException {
        KnownVulnerabilities known = KnownVulnerabilities.read(KnownVulnerabilities.LIST);
        assertThat(known.reachableIn(components))
                .as("update the library, or prevent the attack and say in .ci/vulnerabilities.yaml what prevents it")
                .isEmpty();
        assertThat(known.outdatedIn(components))
                .as("entries of .ci/vulnerabilities.yaml under inside")
                .isEmpty();
    }

    @Test
    void namesNoLibraryWithAReachableVulnerability() throws IOException {
        assertUnreachable(Component.of(bill()));
    }

    @Test
    void theJarContainsNoLibraryWithAReachableVulnerability() throws IOException {
        List<Component> components = contained();
        assertThat(components.stream().map(Component::library))
                .as("META-INF/maven is kept, for scanners")
                .contains("io.netty:netty-codec-http", "com.hazelcast:hazelcast", "io.vertx:vertx-core");
        // Of the first library, the jar has one file and not its description; the second comes without one.
        components.add(new Component("org.signal:embedded-redis", "0.9.1"));
        components.add(new Component("com.github.luben:zstd-jni", "1.5.7-6"));
        assertUnreachable(components);
    }

    @Test
    void namesAllLibrariesThatTheJarNames() throws IOException {
        JsonObject bill = bill();
        List<Component> named = Component.of(bill);
        KnownVulnerabilities.read(KnownVulnerabilities.LIST).inside().forEach(each -> named.add(each.component()));
        JsonObject own = bill.getJsonObject("metadata").getJsonObject("component");
        named.add(new Component(own.getString("group") + ":" + own.getString("name"), own.getString("version")));
        assertThat(contained())
                .as("libraries that neither the bill of materials nor .ci/vulnerabilities.yaml (inside) names")
                .isSubsetOf(named);
    }

    @Test
    void listsTheLibrariesOfThePage() throws IOException {
        String licences = Files.readString(PAGE);
        List<String> page = KnownVulnerabilities.read(KnownVulnerabilities.LIST).inside().stream()
                .filter(each -> each.in().equals("page"))
                .map(each -> each.component().library().replace("npm:", "") + " "
                        + each.component().version())
                .toList();
        assertThat(page)
                .isNotEmpty()
                .allSatisfy(library -> assertThat(licences.lines()).contains(library));
        assertThat(licences.lines().filter(line -> line.matches("[a-z-]+ [0-9]+\\.[0-9.]+")))
                .containsExactlyInAnyOrderElementsOf(page);
    }
}
