package dev.ganglion;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Set;

/** Checks the dependencies between the packages. */
@AnalyzeClasses(packages = "dev.ganglion", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String ROOT = "dev.ganglion";

    private static Map.Entry<String, Set<String>> room(String name, String uses) {
        return Map.entry(name, Set.of(uses.split(" ", -1)));
    }

    private static String roomOf(JavaClass type) {
        String below = type.getPackageName().substring(ROOT.length());
        return below.isEmpty() ? "" : below.substring(1).split("\\.", -1)[0];
    }

    /** A room is a package below {@code dev.ganglion} with its sub-packages; each row lists the rooms that it may use. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            room(
                    "",
                    "auth bus cluster socket gateway lane event projection journal command store api agent protocol config telemetry"),
            room("cli", "*"),
            room("dev", "* protocol config"),
            room("config", ""),
            room("protocol", ""),
            room("telemetry", ""),
            room("auth", "protocol config telemetry"),
            room("bus", "protocol"),
            room("cluster", "bus protocol config telemetry"),
            room("socket", "protocol config telemetry"),
            room("gateway", "auth bus cluster socket protocol config telemetry"),
            room("lane", "bus protocol config telemetry"),
            room("event", "bus protocol config telemetry"),
            room("projection", "bus event protocol config telemetry"),
            room("journal", "bus protocol config telemetry"),
            room("command", "bus cluster protocol config telemetry"),
            room("store", "auth bus cluster lane event projection journal command protocol config telemetry"),
            room("api", "auth bus event projection journal command cluster socket protocol config telemetry"),
            room("agent", "protocol config"));

    @ArchTest
    static final ArchRule roomsUseOnlyWhatTheTableAllows = classes()
            .should(new ArchCondition<>("use only the rooms that the table allows") {
                @Override
                public void check(JavaClass origin, ConditionEvents events) {
                    String room = roomOf(origin);
                    Set<String> allowed = MAY_USE.get(room);
                    if (allowed == null) {
                        events.add(SimpleConditionEvent.violated(
                                origin, origin.getName() + " is in no room of the table"));
                        return;
                    }
                    for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                        JavaClass target = dependency.getTargetClass().getBaseComponentType();
                        if (target.getPackageName().startsWith(ROOT)
                                && !roomOf(target).equals(room)
                                && !allowed.contains(roomOf(target))
                                && !allowed.contains("*")) {
                            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                        }
                    }
                }
            });

    @ArchTest
    static final ArchRule theProtocolKnowsNoVertxButBuffers = noClasses()
            .that()
            .resideInAPackage("dev.ganglion.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx.core", "io.vertx.core.http..", "io.vertx.core.net..", "io.vertx.redis..");

    @ArchTest
    static final ArchRule redisStaysInTheStore = noClasses()
            .that()
            .resideOutsideOfPackage("dev.ganglion.store..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx.redis..");

    @ArchTest
    static final ArchRule nothingBlocks = noClasses()
            .should()
            .callMethod(Future.class, "await")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    @ArchTest
    static final ArchRule noVagueNames = noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager|Info)");
}
