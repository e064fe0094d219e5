package dev.ganglion;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Checks the dependencies between the packages. */
@AnalyzeClasses(packages = "dev.ganglion", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule packagesUseOnlyWhatTheTableAllows = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("config")
            .definedBy("dev.ganglion.config")
            .layer("protocol")
            .definedBy("dev.ganglion.protocol")
            .layer("telemetry")
            .definedBy("dev.ganglion.telemetry")
            .layer("auth")
            .definedBy("dev.ganglion.auth")
            .layer("bus")
            .definedBy("dev.ganglion.bus")
            .layer("cluster")
            .definedBy("dev.ganglion.cluster")
            .layer("gateway")
            .definedBy("dev.ganglion.gateway")
            .layer("event")
            .definedBy("dev.ganglion.event")
            .layer("command")
            .definedBy("dev.ganglion.command")
            .layer("store")
            .definedBy("dev.ganglion.store")
            .layer("api")
            .definedBy("dev.ganglion.api")
            .layer("agent")
            .definedBy("dev.ganglion.agent")
            .whereLayer("config")
            .mayNotAccessAnyLayer()
            .whereLayer("protocol")
            .mayNotAccessAnyLayer()
            .whereLayer("telemetry")
            .mayNotAccessAnyLayer()
            .whereLayer("auth")
            .mayOnlyAccessLayers("protocol", "config", "telemetry")
            .whereLayer("bus")
            .mayOnlyAccessLayers("protocol")
            .whereLayer("cluster")
            .mayOnlyAccessLayers("bus", "protocol", "config", "telemetry")
            .whereLayer("gateway")
            .mayOnlyAccessLayers("auth", "bus", "cluster", "protocol", "config", "telemetry")
            .whereLayer("event")
            .mayOnlyAccessLayers("bus", "protocol", "config", "telemetry")
            .whereLayer("command")
            .mayOnlyAccessLayers("bus", "cluster", "protocol", "config", "telemetry")
            .whereLayer("store")
            .mayOnlyAccessLayers("auth", "bus", "cluster", "event", "command", "protocol", "config", "telemetry")
            .whereLayer("api")
            .mayOnlyAccessLayers("auth", "bus", "cluster", "event", "command", "protocol", "config", "telemetry")
            .whereLayer("agent")
            .mayOnlyAccessLayers("protocol", "config");

    @ArchTest
    static final ArchRule everyClassHasItsPackage = classes()
            .should()
            .resideInAnyPackage(
                    "dev.ganglion",
                    "dev.ganglion.config",
                    "dev.ganglion.protocol",
                    "dev.ganglion.telemetry",
                    "dev.ganglion.auth",
                    "dev.ganglion.bus",
                    "dev.ganglion.cluster",
                    "dev.ganglion.gateway",
                    "dev.ganglion.event",
                    "dev.ganglion.command",
                    "dev.ganglion.store",
                    "dev.ganglion.api",
                    "dev.ganglion.agent");

    @ArchTest
    static final ArchRule theProtocolKnowsNoVertxButBuffers = noClasses()
            .that()
            .resideInAPackage("dev.ganglion.protocol")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.core", "io.vertx.core.http..", "io.vertx.core.net..", "io.vertx.redis..");

    @ArchTest
    static final ArchRule redisStaysInTheStore = noClasses()
            .that()
            .resideOutsideOfPackage("dev.ganglion.store")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.redis..");

    @ArchTest
    static final ArchRule nothingBlocks = noClasses()
            .should()
            .callMethod(io.vertx.core.Future.class, "await")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule noVagueNames = noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager|Info)");
}
