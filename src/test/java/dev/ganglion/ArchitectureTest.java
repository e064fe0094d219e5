package dev.ganglion;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keeps the floor plan true: which package may use which, how large a package may grow, and what stays inside. */
@AnalyzeClasses(packages = "dev.ganglion", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    private static final int MAX_FILES = 25;

    private static final FloorPlan PLAN = FloorPlan.of("""
            cli                : *
            dev                : root agent.. config.. protocol dev.redis
            dev.redis          : config.value
            root               : api.. auth.. budget bus.. cluster command config.. event gateway.. journal lane projection.. protocol.. socket store.. telemetry
            config             : config.key config.source config.value
            config.listing     : config config.key config.value
            config.source      : config.key config.value
            config.key         : config.value
            config.value       :
            protocol           : protocol.error protocol.event protocol.frame protocol.json
            protocol.frame     : protocol.event protocol.json
            protocol.event     : protocol.error protocol.json
            protocol.json      : protocol.error
            protocol.error     :
            telemetry          :
            budget             : config telemetry
            auth               : protocol.. config.. telemetry
            auth.people        : auth protocol.. config.. telemetry
            auth.audit         : auth auth.people protocol.. config.. telemetry
            bus                : bus.link protocol..
            bus.link           : protocol config.. telemetry
            cluster            : bus.. protocol.. config.. telemetry
            socket             : protocol.error config.. telemetry
            gateway            : auth bus cluster socket protocol.. config.. telemetry
            gateway.poll       : gateway auth budget bus cluster socket protocol.. config.. telemetry
            lane               : bus protocol.. config.. telemetry
            event              : protocol.. config.. telemetry
            projection         : projection.run projection.task bus protocol.. config.. telemetry
            projection.engine  : projection.run projection.task bus protocol.. config.. telemetry
            projection.projector : projection projection.engine projection.lost projection.run projection.task bus protocol.. config.. telemetry
            projection.run     : projection.task protocol.. config.. telemetry
            projection.lost    : projection.run projection.task protocol.. config.. telemetry
            projection.rollup  : projection projection.failure projection.run projection.task
            projection.failure : projection projection.run projection.task
            projection.segment : projection.run projection.task protocol.. config.. telemetry
            projection.task    : protocol.. config.. telemetry
            journal            : bus protocol.. config.. telemetry
            command            : projection.lost projection.task bus cluster protocol.. config.. telemetry
            store              : store.. auth.. bus cluster command event journal lane projection.. protocol.. config.. telemetry
            store.page         : store.redis
            store.fault        : protocol.error config.. telemetry
            store.check        : store.redis protocol.error config.. telemetry
            store.guard        : cluster store.fault store.redis protocol.. config.. telemetry
            store.redis        : store.fault bus protocol protocol.error config.. telemetry
            store.stream       : projection store.redis protocol.. telemetry
            store.agent        : auth cluster projection.task store.page store.redis protocol.. config.. telemetry
            store.people       : auth.. store.agent store.page store.redis protocol.. config.. telemetry
            store.frame        : lane bus cluster store.agent store.event store.fault store.redis store.stream protocol.. config.. telemetry
            store.event        : projection.lost event auth projection.run projection.task store.agent store.page store.projection store.projection.read store.redis store.stream protocol.. config.. telemetry
            store.projection   : projection.. auth bus cluster store.agent store.page store.redis store.stream protocol.. config.. telemetry
            store.projection.read : projection.. store.page store.redis protocol.. config.. telemetry
            store.journal      : journal store.redis protocol.. config.. telemetry
            store.command      : command auth store.agent store.page store.redis protocol.. config.. telemetry
            store.cluster      : projection.engine projection.lost projection.run projection.task store.stream cluster bus journal store.agent store.page store.redis protocol.. config.. telemetry
            api                : api.dashboard api.people api.project api.request auth.. budget bus cluster command socket protocol.. config.. telemetry
            api.dashboard      : api.request auth.. bus socket protocol.. config.. telemetry
            api.people         : api.request auth.. bus protocol.. config.. telemetry
            api.project        : api.request auth.. bus command event journal projection.. protocol.. config.. telemetry
            api.request        : auth.. budget bus socket protocol.. config.. telemetry
            agent              : agent.outbox protocol.. config..
            agent.outbox       : protocol..
            agent.simulation   : agent protocol.. config..
            """);

    /**
     * Types that are public only because a sister package uses them. Nothing outside their room should use them. A type
     * that is missing here or listed without need fails the build.
     */
    private static final Set<String> FOR_SISTERS = FloorPlan.typesOf("""
            agent              : AgentEvent CommandHandler CommandOutcome
            agent.outbox       : AgentCounters Batch Outbox
            api.dashboard      : CookieVisitors DashboardLimits Dashboards PageFiles PageRoutes
            api.people         : PeopleOperations
            api.project        : ProjectOperations
            api.request        : Access AllowedMethods AnswerBudget AuditedCalls Call ErrorResponses KnownParameters Operations Parameters
            api.request        : PreparedContract PublicContract QueryText Reply RequestBodies RequestId RestTimes SessionCookie WaitingCalls
            config             : Setting
            config.key         : ConfigKey ConfigKeys KnownKeys
            config.source      : ConfigProblems MapSources Origin SourceValue YamlSource
            config.value       : BooleanType ChoiceType CidrType IntegerType InvalidValueException ListType LogFormat LogLevel
            config.value       : MemberAddressType PathType QuantityType RedisUriType SecretType TextType ValueType
            dev.redis          : FreePorts ShellScript TerminalSession
            gateway            : AgentHttpError AgentQuery ListenerScope LongPoll LoopResources
            projection.failure : Fingerprint
            projection.lost    : LostMark LostTaskSweeper OpenTask ProcessKey StartedTasks
            projection         : FailureFingerprint ProjectionAggregate
            projection.run     : FailureText StartReport TaskEvent TaskEvents TaskTable TaskVisitor TextPool
            protocol.event     : EventRules TallyCounter WorkerNameCollector
            protocol.json      : CodePointOrder Emitter JsonWriter Overrides Tape
            protocol.json      : Tokenizer UuidText
            store.agent        : AgentFields ProjectData RedisAgents RedisProjects ReportedNames SessionFeatures SortedSetPages
            store.check        : KindCheck ReplicaCheck
            store.cluster      : NodeRoster RedisPresence RedisProcesses
            store.command      : RedisCommands
            store.event        : EventTrimmer RedisEventStore RedisReconciledEnds RejectedEvents
            store.frame        : CommandCalls PollCalls RedisFrameStore SessionCalls
            store.fault        : FaultReader StoreFaultException
            store.guard        : KeyLayout RedisCheck StoreIdentity StoreWatch
            store.journal      : RedisJournal
            store.page         : PageBytes SizedReads
            store.projection   : ProjectionRemoval RedisEngineHealth RedisEngines RedisEventStreams RedisProjectionEngine RedisRegistry
            store.projection.read : SegmentTasks
            store.redis        : Arguments Cursor HashFields HashReader RedisKeys RedisLine RedisServers Replies
            store.redis        : Script SharedLine Slot StoreCheck StoreTuning
            store.stream       : BackwardStreamReader BatchPayload EntryReader ForwardStreamReader ProcessName StreamEntry
            """);

    @ArchTest
    static final ArchRule packagesUseOnlyWhatTheTableAllows = classes()
            .should(new ArchCondition<>("use only the packages that the floor plan allows") {
                @Override
                public void check(JavaClass origin, ConditionEvents events) {
                    String from = FloorPlan.packageOf(origin);
                    if (from == null || !PLAN.packages().contains(from)) {
                        events.add(SimpleConditionEvent.violated(
                                origin, origin.getName() + " is in a package without a row"));
                        return;
                    }
                    for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
                        String to = FloorPlan.packageOf(dependency.getTargetClass());
                        if (to != null && !PLAN.allows(from, to)) {
                            events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription()));
                        }
                    }
                }
            });

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("dev.ganglion.(**)").should().beFreeOfCycles();

    @ArchTest
    static void publicTypesForSistersAloneAreListed(JavaClasses all) {
        Set<String> found = new TreeSet<>();
        for (JavaClass type : all) {
            String own = FloorPlan.packageOf(type);
            Set<String> users = FloorPlan.usersOf(type);
            if (own != null
                    && type.isTopLevelClass()
                    && type.getModifiers().contains(JavaModifier.PUBLIC)
                    && !users.isEmpty()
                    && users.stream().allMatch(user -> FloorPlan.roomOf(user).equals(FloorPlan.roomOf(own)))) {
                found.add(own + "." + type.getSimpleName());
            }
        }
        assertThat(found).as("types that are public only for a sister package").isEqualTo(FOR_SISTERS);
    }

    @ArchTest
    static void noPackageHasMoreFilesThanOneCanSurvey(JavaClasses all) throws IOException {
        Map<String, Long> large = new TreeMap<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java") && !file.endsWith("package-info.java"))
                    .collect(Collectors.groupingBy(file -> String.valueOf(file.getParent()), Collectors.counting()))
                    .forEach((name, count) -> {
                        if (count > MAX_FILES) {
                            large.put(name, count);
                        }
                    });
        }
        assertThat(all).isNotEmpty();
        assertThat(large).as("packages of more than " + MAX_FILES + " files").isEmpty();
    }

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
    static final ArchRule hazelcastStaysInTheCluster = noClasses()
            .that()
            .resideOutsideOfPackage("dev.ganglion.cluster")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.hazelcast..");

    @ArchTest
    static final ArchRule internalsOfNettyAndVertxStayInTheSocket = noClasses()
            .that()
            .resideOutsideOfPackage("dev.ganglion.socket")
            .and()
            // It uses one public utility method of Netty.
            .doNotHaveFullyQualifiedName("dev.ganglion.config.value.IpLiteral")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "io.vertx.core.http.impl..", "io.vertx.core.internal..");

    @ArchTest
    static final ArchRule nothingBlocks = noClasses()
            .should()
            .callMethod(Future.class, "await")
            .orShould()
            .callMethod(Thread.class, "sleep", long.class);

    /** Commands and the development cluster run with real processes and may read the time of the system. */
    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .that()
            .resideOutsideOfPackages("dev.ganglion.cli", "dev.ganglion.dev..")
            .and()
            .doNotHaveFullyQualifiedName("dev.ganglion.RunningBrain")
            .and()
            .doNotHaveFullyQualifiedName("dev.ganglion.agent.AgentHost")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC");

    @ArchTest
    static final ArchRule noVagueNames = noClasses().should().haveNameMatching(".*(Impl|Utils?|Helper|Manager|Info)");
}
